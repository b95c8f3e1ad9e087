using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary>An API key, by its digest only.</summary>
public sealed record ApiKeyDefinition
{
    /// <summary>Name of the key, for metrics and revocation; unique.</summary>
    public required string Id { get; init; }

    /// <summary>Whether it is publishable (<c>pk_</c>, may stand in a web page) or secret (<c>sk_</c>).</summary>
    public required bool IsPublishable { get; init; }

    /// <summary>SHA-256 of the whole key, 64 hex digits in lower case.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Whom it belongs to.</summary>
    public required string Organization { get; init; }

    /// <summary><c>live</c> or <c>test</c>.</summary>
    public string Environment { get; init; } = "live";

    /// <summary>Commercial plan, or null.</summary>
    public string? Plan { get; init; }

    /// <summary>What it may do.</summary>
    public ImmutableArray<string> Scopes { get; init; } = [];

    /// <summary>Origins that may use a publishable key; empty for a secret one.</summary>
    public ImmutableArray<string> AllowedOrigins { get; init; } = [];

    /// <summary>Methods it may use; empty for any.</summary>
    public ImmutableArray<string> AllowedMethods { get; init; } = [];

    /// <summary>Path prefixes it may use; empty for any.</summary>
    public ImmutableArray<string> AllowedPaths { get; init; } = [];

    /// <summary>From when it is valid, or null for always.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>From when it is no longer valid, or null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
