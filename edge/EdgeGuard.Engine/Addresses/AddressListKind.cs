namespace EdgeGuard.Engine.Addresses;

/// <summary>What a list of networks tells of an address.</summary>
public enum AddressListKind : byte
{
    /// <summary><c>ip:country</c>.</summary>
    Country = 0,

    /// <summary><c>ip:asn</c>.</summary>
    Asn = 1,

    /// <summary><c>ip:type</c>; lines may name an autonomous system instead of a network.</summary>
    Type = 2,

    /// <summary><c>ip:tor</c>; lines have no value.</summary>
    Tor = 3,
}
