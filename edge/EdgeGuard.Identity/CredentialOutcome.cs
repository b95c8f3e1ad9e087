namespace EdgeGuard.Identity;

/// <summary>What is known about a credential of a request.</summary>
public enum CredentialOutcome : byte
{
    /// <summary>None was presented.</summary>
    None,

    /// <summary>Verified: what it says may be used.</summary>
    Verified,

    /// <summary>Presented, but refused; what it says is not to be used for anything but kill switches.</summary>
    Invalid,

    /// <summary>Could not be checked, because no key to check it with could be had.</summary>
    Unavailable,
}
