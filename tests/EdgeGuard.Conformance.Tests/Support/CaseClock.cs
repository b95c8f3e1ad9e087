using EdgeGuard.Edge.Counters;
using EdgeGuard.Testing;

namespace EdgeGuard.Conformance.Tests.Support;

/// <summary>
/// Virtual time that cases set: it may go back from one case to the next, and a step over a year fires a timer once and not every five seconds
/// of it. Wall clock, timestamps and the machine's boot clock are one.
/// </summary>
internal sealed class CaseClock(DateTimeOffset start) : TimeProvider, IBootClock
{
    private readonly Lock _lock = new();
    private readonly List<CaseTimer> _timers = [];
    private DateTimeOffset _now = start;
    private Signal _timerSet = new();

    // While time passes: what is set meanwhile to fall due on the way does so at its end, so that a timer which sets itself again every five
    // seconds fires twice in a year and not six million times.
    private DateTimeOffset _until = DateTimeOffset.MinValue;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond * 7;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc />
    public UInt128 Boot => 1;

    /// <inheritdoc />
    public long Nanoseconds => (GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => (GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 7;

    /// <summary>Goes to another time, back or forth. Timers keep what is left of them.</summary>
    public void Set(DateTimeOffset time)
    {
        lock (_lock)
        {
            var by = time - _now;
            _now = time;
            foreach (var timer in _timers)
            {
                timer.Due += by;
            }
        }
    }

    /// <summary>Lets time pass; what falls due fires in order, each at its time, but a periodic timer only once.</summary>
    public void Advance(TimeSpan by)
    {
        var until = GetUtcNow() + by;
        lock (_lock)
        {
            _until = until;
        }

        while (NextDue(until) is { } timer)
        {
            Fire(timer, timer.Due, until);
        }

        lock (_lock)
        {
            _now = until;
            _until = DateTimeOffset.MinValue;
        }
    }

    /// <summary>Fires the one-shot timer that is set to this time from now, as soon as there is one, without time passing.</summary>
    public async Task FireAsync(TimeSpan dueIn)
    {
        while (true)
        {
            Signal set;
            CaseTimer? found;
            lock (_lock)
            {
                set = _timerSet;
                found = _timers.Find(timer => timer.Period <= TimeSpan.Zero && timer.Due == _now + dueIn);
            }

            if (found is not null)
            {
                Fire(found, at: null, until: default);
                return;
            }

            await set.WaitAsync($"a timer set to {dueIn}");
        }
    }

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new CaseTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private CaseTimer? NextDue(DateTimeOffset until)
    {
        lock (_lock)
        {
            return _timers.Where(timer => timer.Due <= until).MinBy(timer => timer.Due);
        }
    }

    private void Fire(CaseTimer timer, DateTimeOffset? at, DateTimeOffset until)
    {
        lock (_lock)
        {
            if (!_timers.Remove(timer))
            {
                return;
            }

            _now = at > _now ? at.Value : _now;
            if (timer.Period > TimeSpan.Zero)
            {
                timer.Due = until + timer.Period;
                _timers.Add(timer);
            }
        }

        timer.Fire();
    }

    private void Set(CaseTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            _timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            var due = _now + dueTime;
            timer.Due = due < _until ? _until : due;
            timer.Period = period;
            _timers.Add(timer);
            Interlocked.Exchange(ref _timerSet, new Signal()).Set();
        }
    }

    private sealed class CaseTimer(CaseClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Set(this, dueTime, period);
            return true;
        }

        public void Dispose() => clock.Set(this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
