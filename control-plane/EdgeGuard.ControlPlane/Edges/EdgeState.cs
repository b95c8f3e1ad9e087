namespace EdgeGuard.ControlPlane.Edges;

/// <summary>What is known of an edge from its session and acknowledgements; immutable, replaced as a whole.</summary>
internal sealed record EdgeState
{
    public required string EdgeId { get; init; }

    public required string OrganizationId { get; init; }

    public required DateTimeOffset LastSeenAt { get; init; }

    public string EdgeVersion { get; init; } = string.Empty;

    public long BundleVersion { get; init; }

    public string BundleDigest { get; init; } = string.Empty;

    public long KillSequence { get; init; }

    public long ClockSkewMilliseconds { get; init; }

    /// <summary>What it refused last, formatted; empty after something newer was applied.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
