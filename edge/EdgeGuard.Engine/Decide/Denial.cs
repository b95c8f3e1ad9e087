namespace EdgeGuard.Engine.Decide;

/// <summary>Why a rule or guard refuses. Made only when something does.</summary>
internal struct Denial
{
    /// <summary>Waiting does not help.</summary>
    public const int Never = int.MaxValue;

    /// <summary>The reason; <see cref="Reason.None"/> for no denial.</summary>
    public Reason Reason;

    /// <summary>HTTP status, or 0 for the reason's own.</summary>
    public short Status;

    /// <summary>Index of the policy.</summary>
    public int Policy;

    /// <summary>Index of the rule, or <see cref="Decision.None"/> for a guard.</summary>
    public int Rule;

    /// <summary>Index of the limit, or <see cref="Decision.None"/> when none was read.</summary>
    public int Limit;

    /// <summary>Seconds until it could succeed, or <see cref="Never"/>.</summary>
    public int WaitSeconds;

    /// <summary>Whether the two numbers below say something.</summary>
    public bool HasLimit;

    /// <summary>Whole units left.</summary>
    public long Remaining;

    /// <summary>Seconds until the quota is whole again.</summary>
    public int ResetSeconds;
}
