namespace EdgeGuard.Contracts;

/// <summary>A kill switch in force.</summary>
public sealed record KillSwitchInfo
{
    public required string Id { get; init; }

    public required string ScopeKey { get; init; }

    public required string ScopeValue { get; init; }

    public string? Route { get; init; }

    public required string Reason { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public int Status { get; init; }

    public required string Author { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Sequence of the set that it came into force with.</summary>
    public long Sequence { get; init; }

    /// <summary>Connected edges that have acknowledged this sequence or a later one.</summary>
    public int AcknowledgedEdges { get; init; }

    /// <summary>Connected edges.</summary>
    public int ConnectedEdges { get; init; }
}
