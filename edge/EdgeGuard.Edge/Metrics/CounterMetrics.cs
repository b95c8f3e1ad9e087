using EdgeGuard.Engine.Counters;

namespace EdgeGuard.Edge.Metrics;

/// <summary>Metrics of the counter table.</summary>
internal sealed class CounterMetrics(CounterTable counters) : IMetricSource
{
    /// <inheritdoc />
    public void Write(MetricWriter writer)
    {
        writer.Single("edgeguard_counters_capacity", "gauge", "Cells of the counter table.", counters.Capacity);
        writer.Single("edgeguard_counters_occupied", "gauge", "Cells that hold a counter now; approximate.", counters.Occupied);
        writer.Single("edgeguard_counters_overflow_occupied", "gauge", "Overflow counters in use now; approximate.", counters.OverflowOccupied);
        writer.Single("edgeguard_counters_forgotten_total", "counter", "Idle counters that made room for others.", counters.Forgotten);
        writer.Single(
            "edgeguard_counters_evictions_refused_total",
            "counter",
            "Newcomers for whom no counter could be forgotten, for whatever reason.",
            counters.FullSets + counters.FullShares);
        writer.Single("edgeguard_counters_full_sets_total", "counter", "How often a set of the counter table was full of live cells.", counters.FullSets);
        writer.Single("edgeguard_counters_full_shares_total", "counter", "How often a limit's share of the table was full of live cells.", counters.FullShares);
        writer.Single("edgeguard_counters_overflow_total", "counter", "Requests charged to the overflow counter of their limit.", counters.Overflows);
        writer.Single("edgeguard_counters_limits_refused_total", "counter", "Limits for which the table had no room; they refuse.", counters.LimitsRefused);
    }
}
