using Microsoft.IdentityModel.Tokens;

namespace EdgeGuard.Identity.Keys;

/// <summary>A public key of an issuer, with what it may be used for.</summary>
/// <param name="Id">Its <c>kid</c>, or null.</param>
/// <param name="Algorithms">Algorithms that fit its type and, where it names one, only that.</param>
/// <param name="Key">The key for the framework.</param>
/// <param name="Fingerprint">Type and public numbers, to tell whether a key set changed.</param>
internal sealed record VerificationKey(string? Id, string[] Algorithms, SecurityKey Key, string Fingerprint);
