using System.Collections.Immutable;
using System.Globalization;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Makes descriptor keys of nodes without error.</summary>
internal static class KeyBinder
{
    /// <summary>The name of <c>ip:address</c> keys by a rule's <c>ipv6_prefix</c>: empty for whole addresses.</summary>
    public static string Ipv6Prefix(Node rule) => rule.NumberAt("ipv6_prefix") is { } bits && bits < 128
        ? ((int)bits).ToString(CultureInfo.InvariantCulture)
        : string.Empty;

    /// <summary>Keys that are counted by.</summary>
    public static ImmutableArray<DescriptorKey> BindAll(Node? list, string ipv6Prefix) =>
        DocumentBinder.Each(list, key => Grouped(Bind(key.Text), ipv6Prefix));

    public static DescriptorKey Bind(string text) =>
        DescriptorCatalog.TryParse(text, out var key) ? key : throw new InvalidOperationException("bound before it was validated");

    /// <summary>A key that grants something, so that a header counts from trusted proxies only.</summary>
    public static DescriptorKey BindTrusted(string text) => Trusted(Bind(text));

    /// <summary>A header as one that only trusted proxies can set; other keys as they are.</summary>
    public static DescriptorKey Trusted(DescriptorKey key) => key.Kind == DescriptorKind.Header ? key with { Kind = DescriptorKind.TrustedHeader } : key;

    private static DescriptorKey Grouped(DescriptorKey key, string ipv6Prefix) =>
        key.Kind == DescriptorKind.IpAddress ? key with { Name = ipv6Prefix } : key;
}
