namespace EdgeGuard.Bundles.Model;

/// <summary><c>adaptive_concurrency</c>: finds by latency how many requests the upstream bears and sheds the rest.</summary>
public sealed record AdaptiveConcurrencyDefinition
{
    public int MinLimit { get; init; } = 4;

    public int MaxLimit { get; init; } = 1000;

    public int InitialLimit { get; init; } = 20;

    /// <summary>Latency, as a multiple of the best seen, at which the limit shrinks; 1 to 10.</summary>
    public double LatencyTolerance { get; init; } = 1.5;

    public PriorityDefinition? Priority { get; init; }
}
