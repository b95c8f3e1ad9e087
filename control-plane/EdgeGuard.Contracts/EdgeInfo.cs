namespace EdgeGuard.Contracts;

/// <summary>One edge of the inventory.</summary>
public sealed record EdgeInfo
{
    public required string EdgeId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public bool Connected { get; init; }

    public DateTimeOffset? LastSeenAt { get; init; }

    public string EdgeVersion { get; set; } = string.Empty;

    /// <summary>Bundle it last acknowledged as applied, 0 for none.</summary>
    public long BundleVersion { get; init; }

    public string BundleDigest { get; set; } = string.Empty;

    /// <summary>Kill-switch set it last acknowledged.</summary>
    public long KillSequence { get; init; }

    /// <summary>What it refused last, or empty.</summary>
    public IReadOnlyList<string> LastProblems { get; set; } = [];

    /// <summary>Edge clock minus control-plane clock at connect.</summary>
    public long ClockSkewMilliseconds { get; init; }

    /// <summary>Valid tokens: one, or two while a rotation overlaps.</summary>
    public int ValidTokens { get; init; }
}
