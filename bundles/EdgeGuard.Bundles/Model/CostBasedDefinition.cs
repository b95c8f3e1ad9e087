using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary><c>cost_based</c>: a budget a window of the calendar, with actions before it is used up.</summary>
public sealed record CostBasedDefinition : AlgorithmDefinition
{
    /// <summary>Units a window, above 0.</summary>
    public required double Budget { get; init; }

    public required BudgetWindow Window { get; init; }

    /// <summary>Whether a request costs what its use of a model does: reserved before, settled with the provider's usage after.</summary>
    public bool CountsLlmCost { get; init; }

    public CostSource Cost { get; init; } = CostSource.One;

    /// <summary>By rising threshold; the last rejects at 100 percent.</summary>
    public ImmutableArray<StagedAction> Actions { get; init; } = [];
}
