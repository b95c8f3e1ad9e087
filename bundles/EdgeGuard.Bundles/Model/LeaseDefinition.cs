namespace EdgeGuard.Bundles.Model;

/// <summary><c>scope: fleet</c>: one budget over all edges, handed out by the control plane in leases.</summary>
public sealed record LeaseDefinition
{
    /// <summary>Most rules of a bundle whose budgets are fleet-wide: what one exchange about leases can name.</summary>
    public const int MaxBudgets = 1024;

    /// <summary>What a fleet-wide budget stays below, in units: a millionth of one is the smallest that is counted, and 2^53 of them are no exact JSON number.</summary>
    public const double BudgetEnd = 9_007_199_254;

    /// <summary>Size of a slice, percent of the budget.</summary>
    public double SlicePercent { get; init; } = 5;

    /// <summary>Rest of a slice at which the next one is asked for, percent of a slice.</summary>
    public double LowWaterPercent { get; init; } = 30;

    /// <summary>Whether the budget is refused while the control plane cannot be reached, instead of spending what is held.</summary>
    public bool DenyWhenUnreachable { get; init; }
}
