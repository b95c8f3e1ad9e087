using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Metrics;

namespace EdgeGuard.Edge.DataFiles;

/// <summary>Metrics of data files and of facts that nothing tells.</summary>
internal sealed class DataFileMetrics(DataFileSet files, FactSources sources, SnapshotHolder holder, EdgeClock clock) : IMetricSource
{
    /// <inheritdoc />
    public void Write(MetricWriter writer)
    {
        writer.Family("edgeguard_data_file_entries", "gauge", "Entries of the data file in force, by fact; 0 when none could be read.");
        foreach (var file in files.Files)
        {
            writer.Sample(file.List?.Entries ?? 0, ("fact", file.Fact));
        }

        writer.Family("edgeguard_data_file_age_seconds", "gauge", "Seconds since the data file in force was read; +Inf for never.");
        foreach (var file in files.Files)
        {
            writer.Sample(
                file.ReadAt is { } at ? Math.Max(0, (clock.UtcNow - at).TotalSeconds) : double.PositiveInfinity, ("fact", file.Fact));
        }

        writer.Family("edgeguard_data_file_problem", "gauge", "1 while the file is not what is in force: unreadable or refused.");
        foreach (var file in files.Files)
        {
            writer.Sample(file.Problems.IsEmpty ? 0 : 1, ("fact", file.Fact));
        }

        writer.Family("edgeguard_data_file_loads_total", "counter", "Attempts to read a data file, by fact and result.");
        foreach (var file in files.Files)
        {
            writer.Sample(file.Loaded, ("fact", file.Fact), ("result", "applied"));
            writer.Sample(file.Refused, ("fact", file.Fact), ("result", "refused"));
        }

        writer.Family("edgeguard_fact_without_source", "gauge", "1 for a fact that the bundle or a kill switch reads and nothing at this edge tells.");
        foreach (var kind in sources.Missing(holder.Current.Facts))
        {
            writer.Sample(1, ("fact", FactNames.Of(kind)));
        }
    }
}
