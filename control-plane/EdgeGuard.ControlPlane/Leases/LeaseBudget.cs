using System.Collections.Immutable;

namespace EdgeGuard.ControlPlane.Leases;

/// <summary>A fleet-wide budget as the newest published bundle has it.</summary>
internal sealed record LeaseBudget
{
    /// <summary>Policy id, a slash, rule name.</summary>
    public required string Name { get; init; }

    /// <summary>What is counted, and by which calendar. With another one, edges have counters of their own and what was given before says nothing of them.</summary>
    public required string Identity { get; init; }

    public required LeaseWindows Windows { get; init; }

    /// <summary>Units of a window in the engine's cost units, where no plan says otherwise.</summary>
    public required long Units { get; init; }

    /// <summary>Units by plan.</summary>
    public ImmutableDictionary<string, long> Plans { get; init; } = ImmutableDictionary<string, long>.Empty;

    /// <summary>Millionths of the budget that are given at a time.</summary>
    public required int SlicePpm { get; init; }

    /// <summary>Least that is worth giving: what a request costs where that is fixed, and a whole unit otherwise.</summary>
    public long Quantum { get; init; } = 1;

    /// <summary>Units of a plan, or null for one that does not exist.</summary>
    public long? UnitsOf(string? tier)
    {
        if (tier is null)
        {
            return Units;
        }

        return Plans.TryGetValue(tier, out var units) ? units : null;
    }
}
