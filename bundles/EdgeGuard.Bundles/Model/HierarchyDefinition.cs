using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary><c>hierarchy</c>: several levels, widest first, admitted all or none.</summary>
public sealed record HierarchyDefinition : AlgorithmDefinition
{
    /// <summary>2 to 4 levels.</summary>
    public required ImmutableArray<HierarchyLevel> Levels { get; init; }
}
