using System.Collections.Frozen;
using EdgeGuard.Identity.Tokens;

namespace EdgeGuard.Identity;

/// <summary>
/// The issuers in force and the tokens verified under them. Replaced as a whole when an issuer or a key changes, so that a token verified under
/// the old ones cannot be found any more, not even one that was in the making.
/// </summary>
internal sealed record IssuerSet(FrozenDictionary<string, Issuer> ByName, TokenCache Cache);
