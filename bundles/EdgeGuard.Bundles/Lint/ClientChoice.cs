using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Validation;

namespace EdgeGuard.Bundles.Lint;

/// <summary>Which descriptors a client can give as many values as it likes.</summary>
internal static class ClientChoice
{
    /// <summary>Whether the client chooses the value freely, under a selector that may leave it no choice.</summary>
    public static bool IsFree(DescriptorKey key, Node? selector) => key.Kind switch
    {
        DescriptorKind.Header or DescriptorKind.Query or DescriptorKind.Cookie => true,
        DescriptorKind.Method => (selector?.ItemsAt("methods").Count ?? 0) == 0,
        DescriptorKind.Host => (selector?.ItemsAt("hosts").Count ?? 0) == 0,
        DescriptorKind.PathSegment => (selector?.TextAt("pathExact") ?? selector?.TextAt("path_exact")) is null,
        _ => false,
    };
}
