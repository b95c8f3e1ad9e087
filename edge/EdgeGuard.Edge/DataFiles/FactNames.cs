using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Addresses;

namespace EdgeGuard.Edge.DataFiles;

/// <summary>The facts of an address that come from files or trusted proxies.</summary>
internal static class FactNames
{
    /// <summary>All of them.</summary>
    public static ReadOnlySpan<AddressListKind> All =>
        [AddressListKind.Country, AddressListKind.Asn, AddressListKind.Type, AddressListKind.Tor];

    /// <summary>As rules name it.</summary>
    public static string Of(AddressListKind kind) => new DescriptorKey(DescriptorOf(kind), string.Empty).ToString();

    public static DescriptorKind DescriptorOf(AddressListKind kind) => kind switch
    {
        AddressListKind.Country => DescriptorKind.IpCountry,
        AddressListKind.Asn => DescriptorKind.IpAsn,
        AddressListKind.Type => DescriptorKind.IpType,
        _ => DescriptorKind.IpTor,
    };
}
