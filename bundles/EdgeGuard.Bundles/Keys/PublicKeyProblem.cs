namespace EdgeGuard.Bundles.Keys;

/// <summary>Why a public key is not used.</summary>
public enum PublicKeyProblem : byte
{
    None,

    /// <summary>It is well-formed, but of a kind or for a use that is not ours.</summary>
    NotForUs,

    /// <summary>It holds a private or symmetric key: whoever can read it could sign.</summary>
    HoldsPrivateKey,

    /// <summary>It is malformed, too weak, or no valid key.</summary>
    Invalid,
}
