namespace EdgeGuard.Bundles.Model;

/// <summary>Where a descriptor's value comes from. Values are persisted in key hashes: never renumber.</summary>
public enum DescriptorKind : byte
{
    /// <summary><c>header:name</c>, case-insensitive.</summary>
    Header = 1,

    /// <summary><c>query:name</c>, exact.</summary>
    Query = 2,

    /// <summary><c>jwt:claim</c>, from a verified token only.</summary>
    Claim = 3,

    /// <summary><c>ip:address</c>, the client after trusted proxies.</summary>
    IpAddress = 4,
}
