namespace EdgeGuard.Bundles.Model;

/// <summary>A descriptor such as <c>header:x-api-key</c>.</summary>
/// <param name="Kind">Where the value comes from.</param>
/// <param name="Name">
/// Header (lower case), parameter, claim (of a list with <c>[*]</c> behind it, and in a fact plan also <c>=</c> and the member), property, cookie or
/// number of a path segment; otherwise empty. Of <see cref="DescriptorKind.IpAddress"/> the
/// prefix length that IPv6 addresses are grouped by, such as <c>64</c>, or empty for whole addresses.
/// </param>
public readonly record struct DescriptorKey(DescriptorKind Kind, string Name)
{
    /// <summary>As written in a bundle.</summary>
    public override string ToString() => Kind switch
    {
        DescriptorKind.Header => "header:" + Name,
        DescriptorKind.Query => "query:" + Name,
        DescriptorKind.Claim => "jwt:" + Name,
        DescriptorKind.IpCountry => "ip:country",
        DescriptorKind.IpAsn => "ip:asn",
        DescriptorKind.IpType => "ip:type",
        DescriptorKind.IpTor => "ip:tor",
        DescriptorKind.UaBot => "ua:bot",
        DescriptorKind.UaBotCategory => "ua:bot_category",
        DescriptorKind.Cookie => "cookie:" + Name,
        DescriptorKind.PathSegment => "path:" + Name,
        DescriptorKind.Method => "method",
        DescriptorKind.Host => "host",
        DescriptorKind.TrustedHeader => "header:" + Name,
        DescriptorKind.ClaimMember => "jwt:" + Name,
        DescriptorKind.KeyProperty => "key:" + Name,
        DescriptorKind.AgentProperty => "agent:" + Name,
        DescriptorKind.CertificateProperty => "mtls:" + Name,
        DescriptorKind.LlmProperty => "llm:" + Name,
        DescriptorKind.McpProperty => "mcp:" + Name,
        _ => "ip:address",
    };
}
