namespace EdgeGuard.Bundles.Signing;

/// <summary>What a derived key is for; part of the derivation.</summary>
public enum KeyPurpose : byte
{
    /// <summary>Signing documents for one edge.</summary>
    Documents,

    /// <summary>Answering the challenge at connect.</summary>
    Proof,
}
