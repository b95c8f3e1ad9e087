using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Conformance.Tests.Doors;

/// <summary>How a trusted proxy tells the facts that a case gives.</summary>
internal static class FactHeaders
{
    /// <summary>Has no usual name, so that the edge is told this one.</summary>
    public const string Type = "X-IP-Type";

    public static string NameOf(DescriptorKey key) => key.Kind switch
    {
        DescriptorKind.IpCountry => "X-Country-Code",
        DescriptorKind.IpAsn => "X-ASN",
        DescriptorKind.IpType => Type,
        DescriptorKind.IpTor => "X-Tor-Exit",
        _ => key.Name,
    };
}
