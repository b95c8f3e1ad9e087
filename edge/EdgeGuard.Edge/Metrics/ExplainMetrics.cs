using EdgeGuard.Edge.Explain;

namespace EdgeGuard.Edge.Metrics;

/// <summary>Metrics of the kept reasoning.</summary>
internal sealed class ExplainMetrics(ExplainStore store) : IMetricSource
{
    /// <inheritdoc />
    public void Write(MetricWriter writer)
    {
        writer.Family("edgeguard_explain_entries_total", "counter", "Decisions whose reasoning was kept, by why.");
        foreach (var kind in Enum.GetValues<EntryKind>())
        {
            writer.Sample(store.Recorded(kind), ("kind", RecentDecision.KindName(kind)));
        }

        writer.Single("edgeguard_explain_dropped_total", "counter", "Entries that went before explain.keep was over, because explain.memory was full.", store.Dropped);
        writer.Single("edgeguard_explain_memory_bytes", "gauge", "Memory of the kept reasoning.", store.Bytes);
        writer.Single("edgeguard_explain_record_all", "gauge", "1 while all allows are recorded on request.", store.RecordsAll ? 1 : 0);
    }
}
