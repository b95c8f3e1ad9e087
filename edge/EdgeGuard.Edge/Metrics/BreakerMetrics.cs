using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Edge.Metrics;

/// <summary>Metrics of circuit breakers.</summary>
internal sealed class BreakerMetrics(DecisionEngine engine) : IMetricSource
{
    /// <inheritdoc />
    public void Write(MetricWriter writer)
    {
        writer.Family("edgeguard_breaker_changes_total", "counter", "Changes of circuit breakers, by policy and the state they went into.");
        foreach (var (policy, tally) in engine.Counters.Breakers.All.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            writer.Sample(tally.Opened, ("policy", policy), ("state", "open"));
            writer.Sample(tally.HalfOpened, ("policy", policy), ("state", "half_open"));
            writer.Sample(tally.Closed, ("policy", policy), ("state", "closed"));
        }
    }
}
