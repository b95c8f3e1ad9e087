using EdgeGuard.Edge.Takeover;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Telemetry;

/// <summary>Of a standalone edge: nothing is sent, but counters of series that are no longer counted are given back all the same.</summary>
internal sealed class IntervalKeeper(TelemetryStore store, EdgeOptions options, Ownership ownership, TimeProvider time) : BackgroundService
{
    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ownership.Owned.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.TelemetryInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            store.Recorder.Recycle(frozen: null);
        }
    }
}
