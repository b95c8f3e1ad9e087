namespace EdgeGuard.Bundles.Model;

/// <summary>What a staged action does.</summary>
public enum StagedActionKind : byte
{
    /// <summary>Marks the answer.</summary>
    Warn,

    /// <summary>Delays the answer.</summary>
    Throttle,

    Reject,
}
