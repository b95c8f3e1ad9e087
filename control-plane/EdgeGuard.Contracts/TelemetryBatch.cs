namespace EdgeGuard.Contracts;

/// <summary>
/// Aggregates of one interval: all that ever leaves an edge. Identified by (edge, epoch, sequence); a retry is byte for byte the same.
/// </summary>
public sealed record TelemetryBatch
{
    public required string EdgeId { get; init; }

    /// <summary>Incarnation of the edge's telemetry state; a new one when that state was lost. Random, positive.</summary>
    public required long Epoch { get; init; }

    /// <summary>Rises by one a batch within an epoch, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>Start of the interval, Unix milliseconds.</summary>
    public required long FromUnixMilliseconds { get; init; }

    /// <summary>End of the interval, Unix milliseconds.</summary>
    public required long ToUnixMilliseconds { get; init; }

    /// <summary>Decisions by policy, rule, verdict, reason and route template.</summary>
    public required IReadOnlyList<DecisionCount> Decisions { get; init; }

    /// <summary>Decision latency: counts per bucket of <see cref="LatencyBuckets"/>, one more for what lies above.</summary>
    public required IReadOnlyList<long> LatencyCounts { get; init; }

    /// <summary>Upper bounds in nanoseconds of the latency buckets.</summary>
    public static IReadOnlyList<long> LatencyBuckets { get; } =
        [250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

    /// <summary>Local break-glass kill switches set or removed since the last batch (Z11).</summary>
    public IReadOnlyList<LocalKillReport> LocalKills { get; set; } = [];

    /// <summary>Decisions that found no room among the bounded series and were counted under <c>other</c>.</summary>
    public long OverflowedSeries { get; init; }
}
