namespace EdgeGuard.Engine.Decide;

/// <summary>
/// One thing considered in a decision, as it was considered: numbers and indices only, resolved through the snapshot when somebody asks.
/// Amounts are in thousandths of the limit's unit.
/// </summary>
public readonly record struct DecisionStep
{
    /// <summary>Index of the policy.</summary>
    public int Policy { get; init; }

    /// <summary>Index of the rule over the whole snapshot.</summary>
    public int Rule { get; init; }

    /// <summary>Index of the limit, or -1.</summary>
    public int Limit { get; init; }

    public StepOutcome Outcome { get; init; }

    /// <summary>Whether its verdict counts for nothing.</summary>
    public bool Shadow { get; init; }

    /// <summary>What the limit holds when nothing was taken; 0 for a step without numbers.</summary>
    public long LimitUnits { get; init; }

    /// <summary>What was left before.</summary>
    public long Before { get; init; }

    /// <summary>What is left after.</summary>
    public long After { get; init; }

    /// <summary>Seconds until it could succeed, or 0.</summary>
    public int WaitSeconds { get; init; }

    /// <summary>Low half of the counter's keyed name, or 0.</summary>
    public ulong KeyHash { get; init; }
}
