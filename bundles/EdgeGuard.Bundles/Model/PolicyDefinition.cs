using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary>One policy: where it applies and what it limits.</summary>
public sealed record PolicyDefinition
{
    /// <summary>Unique in the bundle.</summary>
    public required string Id { get; init; }

    public required SelectorDefinition Selector { get; init; }

    public PolicyMode Mode { get; init; }

    public ImmutableArray<RuleDefinition> Rules { get; init; } = [];

    /// <summary>The only rule when none of <see cref="Rules"/> matches.</summary>
    public RuleDefinition? FallbackLimit { get; init; }

    /// <summary>Name of the upstream cluster (from the edge's options), or null for the default one.</summary>
    public string? Cluster { get; init; }

    public LoopDetectionDefinition? LoopDetection { get; init; }

    public CircuitBreakerDefinition? CircuitBreaker { get; init; }

    public AdaptiveConcurrencyDefinition? AdaptiveConcurrency { get; init; }

    /// <summary>What it wants to know of its caller.</summary>
    public RouteIdentityDefinition Identity { get; init; } = new();

    /// <summary>Id of the webhook provider whose deliveries alone pass, or null.</summary>
    public string? Webhook { get; init; }

    /// <summary>The provider of models that it leads to, or null.</summary>
    public LlmRouteDefinition? Llm { get; init; }

    /// <summary>What makes it lead to tools, or null.</summary>
    public McpRouteDefinition? Mcp { get; init; }

    /// <summary>What it does when the edge cannot know; null refuses whatever the cause.</summary>
    public OnFailureDefinition? OnFailure { get; init; }

    public RequestLimitsDefinition? RequestLimits { get; init; }

    /// <summary>Where it says something else than the bundle, or null.</summary>
    public SecurityHeadersDefinition? SecurityHeaders { get; init; }

    public CorsDefinition? Cors { get; init; }
}
