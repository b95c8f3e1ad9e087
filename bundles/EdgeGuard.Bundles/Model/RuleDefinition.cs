using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary>One limit of a policy.</summary>
public sealed record RuleDefinition
{
    /// <summary>Unique in its policy. A fallback limit without a name is <c>fallback</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What the limit is counted by; empty for one counter for all.</summary>
    public ImmutableArray<DescriptorKey> LimitKeys { get; init; } = [];

    /// <summary>All must hold for the rule to apply.</summary>
    public ImmutableArray<MatchEntry> Match { get; init; } = [];

    public OnMissing OnMissing { get; init; }

    public required AlgorithmDefinition Algorithm { get; init; }

    /// <summary>Numbers by plan, or null for one set of numbers.</summary>
    public TiersDefinition? Tiers { get; init; }

    /// <summary>Share of identities that is enforced, or null for everyone.</summary>
    public EnforcementDefinition? Enforcement { get; init; }

    /// <summary>Limiter on trial beside the live one, or null.</summary>
    public AlgorithmDefinition? Shadow { get; init; }

    /// <summary>How one budget is shared by all edges, or null for a limit that each edge counts by itself.</summary>
    public LeaseDefinition? Lease { get; init; }
}
