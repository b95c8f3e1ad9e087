using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary>One level of a hierarchy.</summary>
public sealed record HierarchyLevel
{
    /// <summary>Unique in its rule.</summary>
    public required string Name { get; init; }

    /// <summary>What it is counted by; holds the keys of the level above.</summary>
    public ImmutableArray<DescriptorKey> LimitKeys { get; init; } = [];

    /// <summary>Token bucket, budget or sliding window.</summary>
    public required AlgorithmDefinition Algorithm { get; init; }

    /// <summary>What may be borrowed of what the level above has left, or null.</summary>
    public BorrowDefinition? Borrow { get; init; }
}
