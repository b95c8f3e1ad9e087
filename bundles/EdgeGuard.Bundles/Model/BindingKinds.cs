namespace EdgeGuard.Bundles.Model;

/// <summary>Proofs that a caller holds what its token is bound to.</summary>
[Flags]
public enum BindingKinds : byte
{
    None = 0,

    /// <summary>A DPoP proof (RFC 9449).</summary>
    Dpop = 1,

    /// <summary>The client certificate whose thumbprint the token names (RFC 8705).</summary>
    Certificate = 2,

    /// <summary>A header whose hash the token names.</summary>
    Fingerprint = 4,
}
