using EdgeGuard.Contracts;

namespace EdgeGuard.Edge.Telemetry;

/// <summary>All counters at one moment.</summary>
/// <param name="Names">Labels by slot; null for a slot without a series.</param>
/// <param name="Series">Cumulative counts by slot.</param>
/// <param name="Latency">Cumulative latency counts by bucket.</param>
internal sealed record CounterReading(DecisionCount?[] Names, long[] Series, long[] Latency);
