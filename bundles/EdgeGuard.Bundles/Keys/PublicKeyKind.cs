namespace EdgeGuard.Bundles.Keys;

/// <summary>Kinds of public keys that signatures are verified with.</summary>
public enum PublicKeyKind : byte
{
    Rsa,
    EcP256,
    EcP384,
    EcP521,
    Ed25519,
}
