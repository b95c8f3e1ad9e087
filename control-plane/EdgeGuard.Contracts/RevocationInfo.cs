namespace EdgeGuard.Contracts;

/// <summary>A revocation in force.</summary>
public sealed record RevocationInfo
{
    public required string Id { get; init; }

    /// <summary><c>organization</c>, <c>subject</c>, <c>key</c> or <c>token</c>.</summary>
    public required string Kind { get; init; }

    public required string Value { get; init; }

    /// <summary>What was issued before it is void; null for a single token.</summary>
    public DateTimeOffset? Time { get; init; }

    public required string Reason { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public required string Author { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Sequence of the set that it came into force with.</summary>
    public long Sequence { get; init; }

    /// <summary>Connected edges that have acknowledged this sequence or a later one.</summary>
    public int AcknowledgedEdges { get; init; }

    /// <summary>Connected edges.</summary>
    public int ConnectedEdges { get; init; }
}
