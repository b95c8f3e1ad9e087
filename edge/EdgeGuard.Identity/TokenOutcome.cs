namespace EdgeGuard.Identity;

/// <summary>What is known about the bearer of a request.</summary>
public enum TokenOutcome : byte
{
    /// <summary>No token was presented.</summary>
    None,

    /// <summary>Verified: its claims may be used.</summary>
    Verified,

    /// <summary>Presented, but refused; the claims are not to be used for anything but kill switches.</summary>
    Invalid,

    /// <summary>Could not be checked, because no key set has been fetched yet.</summary>
    KeysUnavailable,
}
