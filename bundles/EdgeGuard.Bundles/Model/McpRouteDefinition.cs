using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary>What makes a policy's route one to a server of the Model Context Protocol.</summary>
public sealed record McpRouteDefinition
{
    /// <summary>Tools that may be called, each with an optional closing <c>*</c>; empty for all.</summary>
    public ImmutableArray<string> AllowedTools { get; init; } = [];

    /// <summary>Tools that may not, whatever is allowed.</summary>
    public ImmutableArray<string> DeniedTools { get; init; } = [];

    /// <summary>Largest message, in bytes.</summary>
    public int MaxBodyBytes { get; init; } = 1024 * 1024;
}
