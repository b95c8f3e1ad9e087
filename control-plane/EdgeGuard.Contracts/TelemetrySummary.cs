namespace EdgeGuard.Contracts;

/// <summary>Totals of all batches counted so far.</summary>
/// <param name="Batches">Batches counted.</param>
/// <param name="Decisions">Counts summed over edges and batches.</param>
/// <param name="LatencyCounts">Latency counts summed, by <see cref="TelemetryBatch.LatencyBuckets"/>.</param>
public sealed record TelemetrySummary(long Batches, IReadOnlyList<DecisionCount> Decisions, IReadOnlyList<long> LatencyCounts);
