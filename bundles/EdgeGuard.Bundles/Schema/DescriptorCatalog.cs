using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Bundles.Schema;

/// <summary>Every descriptor of the language, and how one is read.</summary>
internal static class DescriptorCatalog
{
    public const int MaxLength = 128;

    private const string Token = "[A-Za-z0-9_-]{1,100}";

    // Frameworks put dots into names of cookies: connect.sid.
    private const string CookieName = "[A-Za-z0-9_.-]{1,100}";

    // Claims of common providers are URLs or dotted (https://example.com/org); quotes and blanks are not names.
    private const string ClaimName = "[A-Za-z0-9_.:/-]{1,100}";

    private const string McpSession = "mcp:session";

    // Streamable HTTP of the Model Context Protocol: the server gives the session out in this header, and the client repeats it.
    private const string McpSessionHeader = "mcp-session-id";

    private const string MemberSuffix = "[*]";

    private static readonly ImmutableArray<string> KeyProperties = ["id", "org", "kind", "plan", "environment"];
    private static readonly ImmutableArray<string> AgentProperties = ["id", "organization", "scheme"];
    private static readonly ImmutableArray<string> LlmProperties = ["model", "provider"];
    private static readonly ImmutableArray<string> McpProperties = ["tool", "method"];
    private static readonly ImmutableArray<string> CertificateProperties = ["subject", "spiffe", "fingerprint"];

    public static ImmutableArray<DescriptorPattern> All { get; } =
    [
        new("header:<name>", "header:", Token, "request header, name case-insensitive; the first value counts"),
        new("query:<name>", "query:", Token, "query parameter, name exact; with two different values it is unverifiable"),
        new("jwt:<claim>", "jwt:", ClaimName, "claim of a verified token; of a nested object by its path with dots"),
        new("ip:address", "ip:address", "", "client address, seen through trusted proxies only"),
        new("jwt:<path>[*]", "jwt:", @"[A-Za-z0-9_.:/-]{1,100}\[\*\]", "membership in an array claim; in `match` only"),
        new("ip:country", "ip:country", "", "ISO 3166 country of the client, from a local file or a trusted proxy"),
        new("ip:asn", "ip:asn", "", "autonomous system number of the client"),
        new("ip:type", "ip:type", "", "kind of network: `hosting isp business education_research government_admin residential mobile unrouted unknown`"),
        new("ip:tor", "ip:tor", "", "`true` for an exit of the Tor network"),
        new("ua:bot", "ua:bot", "", "`true` when the User-Agent names a bot"),
        new("ua:bot_category", "ua:bot_category", "", "kind of bot, missing for others"),
        new("cookie:<name>", "cookie:", CookieName, "cookie, name exact"),
        new("path:<n>", "path:", "[1-9][0-9]?", "n-th segment of the canonical path, 1 to 99"),
        new("method", "method", "", "request method"),
        new("host", "host", "", "request host, lower case, without port"),
        new("agent:<property>", "agent:", "(id|organization|scheme)", "verified agent"),
        new("key:<property>", "key:", "(id|org|kind|plan|environment)", "verified API key"),
        new("mtls:<property>", "mtls:", "(subject|spiffe|fingerprint)", "verified client certificate"),
        new("llm:<property>", "llm:", "(model|provider)", "what a request to a model names; `provider` is the id in `llm_providers`. In `limit_keys` and `match` of policies with `llm`"),
        new("mcp:<property>", "mcp:", "(tool|session|method)", "what a message to tools names; `session` is the header `Mcp-Session-Id`. `tool` and `method` in `limit_keys` and `match` of policies with `mcp`"),
    ];

    /// <summary>Pattern of every descriptor.</summary>
    public static string Pattern { get; } = "^(" + string.Join("|", All.Select(d => d.Prefix + d.NamePattern)) + ")$";

    /// <summary>Reads a descriptor. Cheap: called for every key of every rule. Header names come out in lower case.</summary>
    public static bool TryParse(string text, out DescriptorKey key)
    {
        key = default;
        if (text.Length > MaxLength)
        {
            return false;
        }

        if (text == McpSession)
        {
            key = new DescriptorKey(DescriptorKind.Header, McpSessionHeader);
            return true;
        }

        if (Nameless(text) is { } nameless)
        {
            key = new DescriptorKey(nameless, string.Empty);
            return true;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
        {
            return false;
        }

        DescriptorKind? kind = text.AsSpan(0, colon) switch
        {
            "header" => DescriptorKind.Header,
            "query" => DescriptorKind.Query,
            "jwt" => DescriptorKind.Claim,
            "cookie" => DescriptorKind.Cookie,
            "path" => DescriptorKind.PathSegment,
            "key" => DescriptorKind.KeyProperty,
            "agent" => DescriptorKind.AgentProperty,
            "mtls" => DescriptorKind.CertificateProperty,
            "llm" => DescriptorKind.LlmProperty,
            "mcp" => DescriptorKind.McpProperty,
            _ => null,
        };
        var name = text[(colon + 1)..];
        if (kind == DescriptorKind.Claim && name.EndsWith(MemberSuffix, StringComparison.Ordinal))
        {
            kind = DescriptorKind.ClaimMember;
        }

        if (kind is null || !IsName(kind == DescriptorKind.ClaimMember ? name[..^MemberSuffix.Length] : name, kind.Value))
        {
            return false;
        }

        key = new DescriptorKey(kind.Value, kind == DescriptorKind.Header ? LowerAscii(name) : name);
        return true;
    }

    /// <summary>Lower case of ASCII letters; nothing else can be in a header name.</summary>
    public static string LowerAscii(string text) =>
        string.Create(text.Length, text, static (span, source) => System.Text.Ascii.ToLower(source, span, out _));

    private static DescriptorKind? Nameless(string text) => text switch
    {
        "ip:address" => DescriptorKind.IpAddress,
        "ip:country" => DescriptorKind.IpCountry,
        "ip:asn" => DescriptorKind.IpAsn,
        "ip:type" => DescriptorKind.IpType,
        "ip:tor" => DescriptorKind.IpTor,
        "ua:bot" => DescriptorKind.UaBot,
        "ua:bot_category" => DescriptorKind.UaBotCategory,
        "method" => DescriptorKind.Method,
        "host" => DescriptorKind.Host,
        _ => null,
    };

    private static bool IsName(string name, DescriptorKind kind)
    {
        if (kind == DescriptorKind.PathSegment)
        {
            return name.Length is 1 or 2 && name[0] is >= '1' and <= '9' && char.IsAsciiDigit(name[^1]);
        }

        if (PropertiesOf(kind) is { IsEmpty: false } properties)
        {
            return properties.Contains(name, StringComparer.Ordinal);
        }

        if (name.Length is 0 or > 100)
        {
            return false;
        }

        foreach (var c in name)
        {
            var isNamed = char.IsAsciiLetterOrDigit(c) || c is '_' or '-'
                || (c == '.' && kind is DescriptorKind.Claim or DescriptorKind.ClaimMember or DescriptorKind.Cookie)
                || (c is ':' or '/' && kind is DescriptorKind.Claim or DescriptorKind.ClaimMember);
            if (!isNamed)
            {
                return false;
            }
        }

        return true;
    }

    private static ImmutableArray<string> PropertiesOf(DescriptorKind kind) => kind switch
    {
        DescriptorKind.KeyProperty => KeyProperties,
        DescriptorKind.AgentProperty => AgentProperties,
        DescriptorKind.CertificateProperty => CertificateProperties,
        DescriptorKind.LlmProperty => LlmProperties,
        DescriptorKind.McpProperty => McpProperties,
        _ => [],
    };
}
