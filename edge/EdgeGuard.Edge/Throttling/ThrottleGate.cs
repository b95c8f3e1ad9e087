using EdgeGuard.Edge.Metrics;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Throttling;

/// <summary>
/// Holds throttled requests back. A waiting request holds a timer and its connection, no thread; how many wait is bounded, because every one of them
/// keeps what it has sent.
/// </summary>
internal sealed class ThrottleGate(EdgeOptions options, TimeProvider time) : IMetricSource
{
    /// <summary>Longest wait, in milliseconds, whatever a policy says.</summary>
    public const int MaxMilliseconds = 30_000;

    private readonly long _max = options.Throttle.MaxWaiting;
    private readonly DelayHistogram _delays = new();
    private long _entered;
    private long _waiting;
    private long _shed;
    private long _stopped;
    private long _told;

    /// <summary>Requests that wait now, each with its timer set.</summary>
    public long Waiting => Interlocked.Read(ref _waiting);

    /// <summary>Waits, until the time is over or the token is cancelled.</summary>
    public async ValueTask<ThrottleResult> WaitAsync(int milliseconds, CancellationToken stopped)
    {
        if (Interlocked.Increment(ref _entered) > _max)
        {
            Interlocked.Decrement(ref _entered);
            Interlocked.Increment(ref _shed);
            return ThrottleResult.Shed;
        }

        try
        {
            var delay = TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, MaxMilliseconds));
            _delays.Record(delay);
            var wait = Task.Delay(delay, time, stopped);
            Interlocked.Increment(ref _waiting);
            await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Interlocked.Decrement(ref _waiting);
        }
        finally
        {
            Interlocked.Decrement(ref _entered);
        }

        if (!stopped.IsCancellationRequested)
        {
            return ThrottleResult.Waited;
        }

        Interlocked.Increment(ref _stopped);
        return ThrottleResult.Stopped;
    }

    /// <summary>The refusal of a request for which there is no room to wait.</summary>
    public static Decision Refusal(in Decision decision) => Decision.Refused(Reason.OverloadShed) with
    {
        Policy = decision.Policy,
        Rule = decision.Rule,
        MatchedPolicy = decision.MatchedPolicy,
    };

    /// <summary>Counts a delay that was told to a gateway instead.</summary>
    public void CountTold(int milliseconds)
    {
        Interlocked.Increment(ref _told);
        _delays.Record(TimeSpan.FromMilliseconds(milliseconds));
    }

    /// <inheritdoc />
    public void Write(MetricWriter writer)
    {
        writer.Single("edgeguard_throttle_waiting", "gauge", "Throttled requests that wait now.", Waiting);
        _delays.Write(writer, "edgeguard_throttle_delay_seconds", "Delays that throttled requests were given, held here or told to a gateway.");
        writer.Single("edgeguard_throttle_told_total", "counter", "Delays that were told to a gateway instead of held.", Interlocked.Read(ref _told));
        writer.Single(
            "edgeguard_throttle_stopped_total",
            "counter",
            "Waits that ended early: the client went away, or a kill switch came.",
            Interlocked.Read(ref _stopped));
        writer.Single(
            "edgeguard_throttle_shed_total", "counter", "Throttled requests refused because too many were waiting.", Interlocked.Read(ref _shed));
    }
}
