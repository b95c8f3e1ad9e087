namespace EdgeGuard.Bundles.Model;

/// <summary>Refuses every request whose descriptor has a value, on one path or all. In a bundle, pushed, or local at the edge.</summary>
public sealed record KillSwitchDefinition
{
    /// <summary>Identifier for people and for removal; unique in its set.</summary>
    public required string Id { get; init; }

    public required DescriptorKey ScopeKey { get; init; }

    /// <summary>The value to refuse; not empty.</summary>
    public required string ScopeValue { get; init; }

    /// <summary>Canonical path it is limited to (exact), or null for all.</summary>
    public string? Route { get; init; }

    /// <summary>Why, for people; never sent to clients.</summary>
    public string? Reason { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Status of the refusal: 403, 429 (default) or 503.</summary>
    public int Status { get; init; } = 429;
}
