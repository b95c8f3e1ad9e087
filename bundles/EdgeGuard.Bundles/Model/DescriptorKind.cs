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

    /// <summary><c>ip:country</c>, ISO 3166.</summary>
    IpCountry = 5,

    /// <summary><c>ip:asn</c>, number of the autonomous system.</summary>
    IpAsn = 6,

    /// <summary><c>ip:type</c>, kind of network.</summary>
    IpType = 7,

    /// <summary><c>ip:tor</c>.</summary>
    IpTor = 8,

    /// <summary><c>ua:bot</c>.</summary>
    UaBot = 9,

    /// <summary><c>ua:bot_category</c>.</summary>
    UaBotCategory = 10,

    /// <summary><c>cookie:name</c>, exact.</summary>
    Cookie = 11,

    /// <summary><c>path:n</c>, the n-th segment of the canonical path.</summary>
    PathSegment = 12,

    /// <summary><c>method</c>.</summary>
    Method = 13,

    /// <summary><c>host</c>, normalized.</summary>
    Host = 14,

    /// <summary>A header that counts from trusted proxies only: what <c>tiers.by: header:name</c> reads.</summary>
    TrustedHeader = 15,

    /// <summary><c>jwt:path[*]</c>, membership in a claim that is a list; in conditions only.</summary>
    ClaimMember = 16,

    /// <summary><c>key:property</c> of a verified API key.</summary>
    KeyProperty = 17,

    /// <summary><c>agent:property</c> of a verified agent.</summary>
    AgentProperty = 18,

    /// <summary><c>mtls:property</c> of a verified client certificate.</summary>
    CertificateProperty = 19,

    /// <summary><c>llm:property</c> of a request to a model, as the policy that counts it reads it.</summary>
    LlmProperty = 20,

    /// <summary><c>mcp:property</c> of a message to a server of tools.</summary>
    McpProperty = 21,
}
