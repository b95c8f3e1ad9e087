namespace EdgeGuard.Edge.Metrics;

/// <summary>Counts what becomes of debug sessions.</summary>
internal sealed class DebugMetrics : IMetricSource
{
    public const string Opened = "opened";
    public const string Refused = "refused";
    public const string Limited = "limited";
    public const string Ended = "ended";

    private readonly CounterSet _sessions = new("result");

    /// <summary>Counts one.</summary>
    public void Count(string result) => _sessions.Add(result);

    /// <inheritdoc />
    public void Write(MetricWriter writer) =>
        _sessions.Write(writer, "edgeguard_debug_sessions_total", "Attempts to open a debug session by what became of them, and sessions that were ended.");
}
