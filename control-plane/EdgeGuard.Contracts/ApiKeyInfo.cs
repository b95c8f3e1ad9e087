namespace EdgeGuard.Contracts;

/// <summary>An API key as it is listed: everything but the key itself, which nobody has any more.</summary>
public sealed record ApiKeyInfo
{
    /// <summary>State of a key that can be used, now or later.</summary>
    public const string Active = "active";

    /// <summary>State of a key that was replaced and ends soon.</summary>
    public const string Ending = "ending";

    /// <summary>State of a key whose time is over.</summary>
    public const string Expired = "expired";

    /// <summary>State of a key that somebody revoked.</summary>
    public const string Revoked = "revoked";

    /// <summary>Descriptor <c>key:id</c>.</summary>
    public required string Id { get; init; }

    public required string Kind { get; init; }

    public required string Organization { get; init; }

    public required string Environment { get; init; }

    public string? Plan { get; init; }

    public IReadOnlyList<string>? Scopes { get; init; }

    public IReadOnlyList<string>? AllowedOrigins { get; init; }

    public IReadOnlyList<string>? AllowedMethods { get; init; }

    public IReadOnlyList<string>? AllowedPaths { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary><see cref="Active"/>, <see cref="Ending"/>, <see cref="Expired"/> or <see cref="Revoked"/>.</summary>
    public required string State { get; init; }

    /// <summary>Id of the key that it took the place of, or null.</summary>
    public string? Replaces { get; init; }

    public required string Author { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was revoked, or null.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Sequence of the set that its last change came into force with.</summary>
    public long Sequence { get; init; }

    /// <summary>Connected edges that have acknowledged this sequence or a later one.</summary>
    public int AcknowledgedEdges { get; init; }

    /// <summary>Connected edges.</summary>
    public int ConnectedEdges { get; init; }
}
