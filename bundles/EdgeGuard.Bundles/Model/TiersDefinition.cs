using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary>Numbers by commercial plan.</summary>
public sealed record TiersDefinition
{
    /// <summary>Where the plan's name is read. A header counts from trusted proxies only.</summary>
    public required DescriptorKey By { get; init; }

    /// <summary>Plan of a caller without one or with an unknown one.</summary>
    public required string Default { get; init; }

    /// <summary>The plans; unique names.</summary>
    public required ImmutableArray<TierPlan> Plans { get; init; }

    /// <summary>Whom a grant names.</summary>
    public required DescriptorKey For { get; init; }

    public ImmutableArray<TierGrant> Grants { get; init; } = [];
}
