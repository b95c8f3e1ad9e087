using EdgeGuard.Identity.Keys;

namespace EdgeGuard.Identity.Binding;

/// <summary>What the header of a DPoP proof says: a public key and an algorithm that fits it. Nothing is verified by it yet.</summary>
/// <param name="Header">The header as sent, base64url.</param>
/// <param name="Algorithm">The algorithm.</param>
/// <param name="Key">The key.</param>
/// <param name="Thumbprint">Its RFC 7638 thumbprint, base64url.</param>
internal sealed record ProofKey(string Header, string Algorithm, VerificationKey Key, string Thumbprint);
