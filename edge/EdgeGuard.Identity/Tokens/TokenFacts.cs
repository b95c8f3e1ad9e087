using System.Collections.Immutable;

namespace EdgeGuard.Identity.Tokens;

/// <summary>What the rules of an issuer are held against, each time that a token is used. Immutable.</summary>
internal sealed record TokenFacts
{
    public string Algorithm { get; init; } = string.Empty;

    public string? Type { get; init; }

    public ImmutableArray<string> Audiences { get; init; } = [];

    /// <summary>Seconds since 1970.</summary>
    public double? ExpiresAt { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public double? NotBefore { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public double? IssuedAt { get; init; }

    public TokenClaims Claims { get; init; } = TokenClaims.None;
}
