using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary>Who may sign tokens, and what is accepted from them.</summary>
public sealed record IssuerDefinition
{
    /// <summary>Name in the bundle, for messages and metrics.</summary>
    public required string Id { get; init; }

    /// <summary>Exact value of the <c>iss</c> claim.</summary>
    public required string Issuer { get; init; }

    /// <summary>Accepted values of <c>aud</c>; at least one.</summary>
    public ImmutableArray<string> Audiences { get; init; } = [];

    /// <summary>Accepted algorithms, for example <c>RS256</c>; never <c>none</c> or HMAC.</summary>
    public ImmutableArray<string> Algorithms { get; init; } = [];

    /// <summary>Where the key set is fetched, or null. May hold a reference (<c>${env:NAME}</c>).</summary>
    public string? JwksUrl { get; init; }

    /// <summary>File with the key set, or null.</summary>
    public string? JwksFile { get; init; }

    /// <summary>How often the key set is fetched again.</summary>
    public TimeSpan Refresh { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long keys stay in use after the last good fetch.</summary>
    public TimeSpan StaleIfError { get; init; } = TimeSpan.FromHours(24);

    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Accepted <c>typ</c> header, or null for <c>JWT</c>, <c>at+jwt</c> or none.</summary>
    public string? TokenType { get; init; }

    /// <summary>OpenID Connect discovery document that names the key set, or null. May hold a reference.</summary>
    public string? DiscoveryUrl { get; init; }

    /// <summary>Public keys in the bundle itself; empty when they come from elsewhere.</summary>
    public ImmutableArray<InlineKeyDefinition> Keys { get; init; } = [];

    /// <summary>Claims (a name, or a path with dots) and the values they must have, as text.</summary>
    public ImmutableArray<KeyValuePair<string, string>> RequiredClaims { get; init; } = [];

    /// <summary>Claim that scopes are read from: a list, or words parted by blanks.</summary>
    public string ScopeClaim { get; init; } = "scope";

    /// <summary>Claim that names the organization, which revocations go by.</summary>
    public string OrganizationClaim { get; init; } = "org";

    /// <summary>Oldest <c>iat</c> accepted, or null for any.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Longest <c>exp</c> after <c>iat</c> accepted, or null for any.</summary>
    public TimeSpan? MaxLifetime { get; init; }

    /// <summary>Longest token looked at, in bytes.</summary>
    public int MaxTokenBytes { get; init; } = 8192;

    /// <summary>Proof of possession, or null for bearer tokens.</summary>
    public BindingDefinition? Binding { get; init; }
}
