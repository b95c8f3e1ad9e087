using System.Collections.Immutable;

namespace EdgeGuard.Edge.Admin;

/// <summary>The bundle in force, and the last attempt to change it.</summary>
internal sealed record BundleReport
{
    /// <summary>0 for none.</summary>
    public required long Version { get; init; }

    public required string Digest { get; init; }

    public string? Origin { get; init; }

    public DateTimeOffset? ActivatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When a bundle was last tried, or null.</summary>
    public DateTimeOffset? AttemptedAt { get; init; }

    public string? AttemptedOrigin { get; init; }

    public long? AttemptedVersion { get; init; }

    /// <summary>Whether that attempt was applied.</summary>
    public bool? AttemptApplied { get; init; }

    /// <summary>What that attempt found.</summary>
    public ImmutableArray<string> Problems { get; init; } = [];
}
