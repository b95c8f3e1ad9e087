namespace EdgeGuard.Engine.Decide;

/// <summary>What became of one thing that was considered in a decision.</summary>
public enum StepOutcome : byte
{
    /// <summary>The limit holds the cost.</summary>
    Allowed,

    /// <summary>The limit does not hold the cost.</summary>
    Denied,

    /// <summary>A match condition does not hold.</summary>
    NotMatched,

    /// <summary>A limit key has no value, and the rule is skipped for it.</summary>
    MissingSkipped,

    /// <summary>A limit key has no value, and the rule refuses for it.</summary>
    MissingDenied,

    /// <summary>A descriptor is present and could not be verified, so the rule refuses.</summary>
    Unverifiable,

    /// <summary>Allowed, with a warning.</summary>
    Warned,

    /// <summary>Allowed, after a delay.</summary>
    Throttled,
}
