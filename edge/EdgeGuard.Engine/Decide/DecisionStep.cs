namespace EdgeGuard.Engine.Decide;

/// <summary>One thing that a decision considered, in numbers only: resolved through the snapshot when shown.</summary>
public readonly record struct DecisionStep
{
    /// <summary>Index of the policy, or <see cref="Decision.None"/> for a kill switch.</summary>
    public int Policy { get; init; }

    /// <summary>Index of the rule (of the kill switch for <see cref="StepOutcome.Killed"/>), or <see cref="Decision.None"/> for a guard of the policy.</summary>
    public int Rule { get; init; }

    /// <summary>Index of the limit, or <see cref="Decision.None"/> when none was read.</summary>
    public int Limit { get; init; }

    public StepOutcome Outcome { get; init; }

    /// <summary>Why it refuses.</summary>
    public Reason Reason { get; init; }

    /// <summary>Whether its verdict counts for nothing.</summary>
    public bool Shadow { get; init; }

    /// <summary>Quota, in thousandths of a unit.</summary>
    public long Quota { get; init; }

    /// <summary>Left before the request, in thousandths; below zero for a debt.</summary>
    public long Before { get; init; }

    /// <summary>Left after it if it is admitted, in thousandths.</summary>
    public long After { get; init; }

    /// <summary>Of a fleet-wide budget what this edge has of it; empty otherwise.</summary>
    public LeaseReading Lease { get; init; }

    /// <summary>Seconds until the limit would hold the cost, or 0.</summary>
    public int WaitSeconds { get; init; }

    /// <summary>Half of the counter's keyed name: the same for the same values of the descriptors, and nothing else can be told from it.</summary>
    public ulong KeyHash { get; init; }

    /// <summary>Slot of the descriptor that is missing, not verifiable or does not match, or <see cref="Decision.None"/>.</summary>
    public int Slot { get; init; }
}
