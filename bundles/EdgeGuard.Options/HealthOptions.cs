namespace EdgeGuard.Options;

/// <summary>Questions to the destinations of a cluster (<c>clusters.NAME.health</c>).</summary>
public sealed record HealthOptions
{
    /// <summary>What is asked for; empty for no questions.</summary>
    public string Path { get; init; } = string.Empty;

    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
}
