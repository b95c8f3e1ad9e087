using System.Collections.Frozen;

namespace EdgeGuard.Identity;

/// <summary>Outcome of verifying one Authorization header.</summary>
/// <param name="Outcome">Whether the claims may be used.</param>
/// <param name="Claims">Scalar claims as text, by name; arrays and objects are left out. Of an invalid token that could at least be read:
/// its unverified claims, for kill switches only.</param>
/// <param name="Failure">Short word for metrics and logs, such as <c>expired</c> or <c>bad_signature</c>; empty when verified or none.</param>
/// <param name="IssuerId">Issuer that verified it, or empty.</param>
public sealed record TokenResult(TokenOutcome Outcome, FrozenDictionary<string, string> Claims, string Failure, string IssuerId)
{
    /// <summary>No token.</summary>
    public static TokenResult None { get; } = new(TokenOutcome.None, FrozenDictionary<string, string>.Empty, string.Empty, string.Empty);
}
