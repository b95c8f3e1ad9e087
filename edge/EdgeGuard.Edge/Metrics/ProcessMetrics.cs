using System.Diagnostics;
using EdgeGuard.Edge.Hosting;

namespace EdgeGuard.Edge.Metrics;

/// <summary>What every process shows, and which build this is.</summary>
internal sealed class ProcessMetrics(EdgeClock clock) : IMetricSource
{
    private readonly double _started = (clock.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds;

    /// <inheritdoc />
    public void Write(MetricWriter writer)
    {
        writer.Family("edgeguard_build_info", "gauge", "1, with the version as label.");
        writer.Sample(1, ("version", ProductVersion.Text));
        using var process = Process.GetCurrentProcess();
        writer.Single("process_cpu_seconds_total", "counter", "Processor time used, user and system.", process.TotalProcessorTime.TotalSeconds);
        writer.Single("process_resident_memory_bytes", "gauge", "Resident memory.", process.WorkingSet64);
        writer.Single("process_start_time_seconds", "gauge", "When the edge started, seconds since the Unix epoch.", _started);
        writer.Single("process_threads", "gauge", "Threads.", process.Threads.Count);
        writer.Single("dotnet_gc_heap_bytes", "gauge", "Managed heap.", GC.GetTotalMemory(forceFullCollection: false));
        writer.Single("dotnet_gc_pause_seconds_total", "counter", "Time in which garbage collection stopped the process.", GC.GetTotalPauseDuration().TotalSeconds);
    }
}
