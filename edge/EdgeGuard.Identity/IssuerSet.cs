using System.Collections.Frozen;
using EdgeGuard.Identity.Tokens;

namespace EdgeGuard.Identity;

/// <summary>
/// The issuers in force and the tokens verified under them. Replaced as a whole when an issuer or a key changes, so that a token verified under
/// the old ones cannot be found any more, not even one that was in the making.
/// </summary>
internal sealed class IssuerSet(FrozenDictionary<string, Issuer> byName, int cacheEntries)
{
    /// <summary>Longest token looked at when no issuer says otherwise.</summary>
    public const int DefaultMaxToken = 8192;

    public FrozenDictionary<string, Issuer> ByName { get; } = byName;

    public TokenCache Cache { get; } = new(cacheEntries);

    public RefusedTokens Refused { get; } = new();

    /// <summary>Longest token that any issuer accepts, in characters.</summary>
    public int MaxToken { get; } = byName.Count == 0 ? DefaultMaxToken : byName.Values.Max(issuer => issuer.Definition.MaxTokenBytes);
}
