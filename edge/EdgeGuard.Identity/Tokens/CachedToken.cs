namespace EdgeGuard.Identity.Tokens;

/// <summary>A token whose signature was found valid. Nothing else about it is settled: the issuer's rules are held against it at each use.</summary>
/// <param name="Authorization">The whole header value.</param>
/// <param name="Facts">What the rules are held against.</param>
/// <param name="Result">What it gives while they are kept.</param>
/// <param name="Issuer">The issuer that it was verified for, or null when verification is off.</param>
internal sealed record CachedToken(string Authorization, TokenFacts Facts, Credential Result, Issuer? Issuer)
{
    // Objects of an entry beside its texts.
    private const int OwnBytes = 600;

    /// <summary>About how many bytes it takes.</summary>
    public int Weight { get; } = OwnBytes + (2 * Authorization.Length) + Facts.Claims.Weight;

    /// <summary>Whether the keys that it was verified with are still to be trusted.</summary>
    public bool IsUsable => Issuer is null || Issuer.Keys.IsUsable;
}
