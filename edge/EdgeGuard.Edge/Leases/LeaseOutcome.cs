namespace EdgeGuard.Edge.Leases;

/// <summary>What became of a lease document.</summary>
internal enum LeaseOutcome : byte
{
    /// <summary>It is in force.</summary>
    Applied,

    /// <summary>It is for a holder that this edge is no more, or older than one that was taken in.</summary>
    LeftAside,

    /// <summary>It is in force, and something was returned that the control plane waits for.</summary>
    Returned,

    /// <summary>The edge is another holder from now on.</summary>
    NewHolder,

    /// <summary>It cannot be believed: out of bounds.</summary>
    Refused,
}
