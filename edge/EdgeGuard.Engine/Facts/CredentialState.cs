namespace EdgeGuard.Engine.Facts;

/// <summary>What is known of one credential.</summary>
public enum CredentialState : byte
{
    /// <summary>Not presented.</summary>
    None = 0,

    Verified = 1,

    /// <summary>Presented and refused, or not to be checked now.</summary>
    Invalid = 2,
}
