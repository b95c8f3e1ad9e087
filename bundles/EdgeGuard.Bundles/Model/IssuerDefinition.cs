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
}
