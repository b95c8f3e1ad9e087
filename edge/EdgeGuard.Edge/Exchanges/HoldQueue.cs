using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Metrics;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Usage;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Edge.Exchanges;

/// <summary>
/// Ends the admissions of decision doors, which do not see how a request ends: what holds a slot is given back after its limit's <c>max_hold</c>,
/// everything else at once. Kept in memory only: slots in flight do not outlive the process either.
/// </summary>
internal sealed class HoldQueue : IMetricSource, IDisposable
{
    /// <summary>Most slots held at a time, about 32 MiB. Beyond it a request is refused: letting a slot go early would admit too many.</summary>
    public const int MaxHeld = 1_000_000;

    private readonly Lock _gate = new();
    private readonly PriorityQueue<Admission, long> _held = new();
    private readonly DecisionEngine _engine;
    private readonly EdgeClock _clock;
    private readonly UsageMetrics _usage;
    private readonly ITimer _timer;
    private readonly int _max;
    private long _due = long.MaxValue;
    private long _shed;

    public HoldQueue(DecisionEngine engine, EdgeClock clock, UsageMetrics usage, TimeProvider time, int max = MaxHeld)
    {
        _engine = engine;
        _clock = clock;
        _usage = usage;
        _max = max;
        _timer = time.CreateTimer(static queue => ((HoldQueue)queue!).Release(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Admissions held now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _held.Count;
            }
        }
    }

    /// <summary>Takes care of an admitted request's end; false when there is no room, and then it has ended.</summary>
    public bool TryHold(in DecidedRequest decided)
    {
        var admission = decided.Admission;
        if (admission.IsEmpty)
        {
            return true;
        }

        var now = _clock.Now;
        var hold = _engine.MaxHold(admission);
        if (hold <= TimeSpan.Zero)
        {
            KeepTokens(decided);
            _engine.Finish(admission, Ending.Ignored, now);
            return true;
        }

        var shed = false;
        lock (_gate)
        {
            if (_held.Count < _max)
            {
                var due = now.Nanoseconds + (hold.Ticks * TimeSpan.NanosecondsPerTick);
                _held.Enqueue(admission, due);
                if (due < _due)
                {
                    Schedule(due, now.Nanoseconds);
                }
            }
            else
            {
                _shed++;
                shed = true;
            }
        }

        if (!shed)
        {
            KeepTokens(decided);
            return true;
        }

        _engine.Finish(admission, Ending.NotForwarded, now);
        return false;
    }

    /// <summary>Gives everything back that is still held: another process goes on with the counters, and this one ends.</summary>
    public void ReleaseAll()
    {
        while (TryTakeDue(long.MaxValue, out var admission))
        {
            _engine.Finish(admission, Ending.Ignored, _clock.Now);
        }
    }

    /// <inheritdoc />
    public void Write(MetricWriter writer)
    {
        writer.Single("edgeguard_decision_holds", "gauge", "Slots that decision doors hold until their limit's max_hold is over.", Count);
        writer.Single(
            "edgeguard_decision_holds_shed_total", "counter", "Requests of decision doors refused because too many slots are held.", Interlocked.Read(ref _shed));
    }

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();

    // What was reserved stays charged: nobody will tell the actual usage.
    private void KeepTokens(in DecidedRequest decided)
    {
        if (_engine.WantsUsage(decided.Admission))
        {
            _engine.Keep(decided.Admission, _usage.Count("decision_door", decided, isKnown: false));
        }
    }

    private void Release()
    {
        var now = _clock.Now;
        while (TryTakeDue(now.Nanoseconds, out var admission))
        {
            _engine.Finish(admission, Ending.Ignored, now);
        }
    }

    private bool TryTakeDue(long now, out Admission admission)
    {
        lock (_gate)
        {
            if (!_held.TryPeek(out admission, out var due))
            {
                _due = long.MaxValue;
                return false;
            }

            if (due > now)
            {
                Schedule(due, now);
                return false;
            }

            _held.Dequeue();
            return true;
        }
    }

    // Rounded up to a millisecond, so that the timer does not come early and go round again.
    private void Schedule(long due, long now)
    {
        _due = due;
        const long Millisecond = 1_000_000;
        _timer.Change(TimeSpan.FromMilliseconds((due - now + Millisecond - 1) / Millisecond), Timeout.InfiniteTimeSpan);
    }
}
