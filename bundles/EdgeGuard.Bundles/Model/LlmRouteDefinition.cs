using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary>What makes a policy's route one to a provider of models.</summary>
public sealed record LlmRouteDefinition
{
    /// <summary>Id of the provider.</summary>
    public required string Provider { get; init; }

    /// <summary>Models that may be asked for, each with an optional closing <c>*</c>; empty for all.</summary>
    public ImmutableArray<string> AllowedModels { get; init; } = [];

    /// <summary>Models that may not, whatever is allowed.</summary>
    public ImmutableArray<string> DeniedModels { get; init; } = [];

    /// <summary>Whether the provider is asked for usage in streams when the client did not.</summary>
    public bool IncludeStreamUsage { get; init; } = true;

    /// <summary>Whether <c>llm:cost</c> is money in the provider's currency, and not tokens.</summary>
    public bool CountsMoney { get; init; }

    /// <summary>Largest request body, in bytes.</summary>
    public int MaxBodyBytes { get; init; } = 4 * 1024 * 1024;
}
