namespace EdgeGuard.Bundles.Model;

/// <summary>What a detected loop gets.</summary>
public enum LoopAction : byte
{
    Reject,

    /// <summary>100 ms a repeat, at most 30 s.</summary>
    Throttle,

    Warn,
}
