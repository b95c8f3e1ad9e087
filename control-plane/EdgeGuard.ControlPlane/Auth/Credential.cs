namespace EdgeGuard.ControlPlane.Auth;

/// <summary>Who is calling, as its token tells.</summary>
internal sealed record Credential
{
    /// <summary>Id of the token's row; names the caller in rate limits.</summary>
    public required string TokenId { get; init; }

    public required string OrganizationId { get; init; }

    /// <summary>The person, or null for an edge.</summary>
    public string? UserId { get; init; }

    /// <summary>The edge, or null for a person.</summary>
    public string? EdgeId { get; init; }

    /// <summary>Role of a person; meaningless for an edge.</summary>
    public Role Role { get; init; }

    /// <summary>Id of the key that an edge's documents are signed with.</summary>
    public string KeyId { get; init; } = string.Empty;

    /// <summary>From when on the token is refused, or null.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>As the audit log names it.</summary>
    public string ActorName => EdgeId is not null ? "edge:" + EdgeId : "user:" + UserId;
}
