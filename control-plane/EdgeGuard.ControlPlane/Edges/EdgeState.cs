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

    /// <summary>Newest set of revocations acknowledged to this process; edges acknowledge anew when they connect.</summary>
    public long RevocationSequence { get; init; }

    /// <summary>Newest set of API keys acknowledged to this process.</summary>
    public long ApiKeySequence { get; init; }

    public long ClockSkewMilliseconds { get; init; }

    /// <summary>What it refused last, formatted; empty after something newer was applied.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}
