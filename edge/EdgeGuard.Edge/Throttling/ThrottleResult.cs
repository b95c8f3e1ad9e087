namespace EdgeGuard.Edge.Throttling;

/// <summary>How the wait of a throttled request ended.</summary>
internal enum ThrottleResult : byte
{
    /// <summary>It has waited its time.</summary>
    Waited,

    /// <summary>The client went away, or a kill switch came.</summary>
    Stopped,

    /// <summary>Too many were waiting already.</summary>
    Shed,
}
