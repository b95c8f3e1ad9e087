namespace EdgeGuard.Contracts;

/// <summary>One immutable published version.</summary>
public sealed record BundleInfo
{
    public required long Version { get; init; }

    public required string Digest { get; init; }

    public required string Author { get; init; }

    public required DateTimeOffset PublishedAt { get; init; }

    public string Message { get; set; } = string.Empty;

    /// <summary>Semantic changes to the version before; filled for a push and a dry run.</summary>
    public IReadOnlyList<ChangeInfo> Changes { get; set; } = [];

    /// <summary>Warnings and hints, formatted.</summary>
    public IReadOnlyList<ProblemItem> Findings { get; set; } = [];

    /// <summary>Edges that will get it.</summary>
    public int Edges { get; init; }
}
