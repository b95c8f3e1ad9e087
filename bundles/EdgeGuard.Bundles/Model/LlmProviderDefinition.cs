using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary>A provider of models. Its address is a cluster of the edge's options.</summary>
public sealed record LlmProviderDefinition
{
    /// <summary>Unique.</summary>
    public required string Id { get; init; }

    public required LlmFormat Format { get; init; }

    /// <summary>Reference of the key that is put in upstream, or null: the client's own passes.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Currency of the prices, ISO 4217.</summary>
    public string Currency { get; init; } = "USD";

    public ImmutableArray<ModelPriceDefinition> Prices { get; init; } = [];
}
