namespace EdgeGuard.Testing;

/// <summary>
/// Virtual time: stands still until <see cref="Advance"/>, and fires timers on the way, each at its own moment and in order.
/// The timestamp frequency is seven times that of <see cref="TimeSpan"/> ticks, so that code which mixes the two up fails.
/// </summary>
public sealed class TestTimeProvider : TimeProvider
{
    /// <summary>Timestamps start here: code that takes 0 for "never" or "now" is found out.</summary>
    private const long FirstTimestamp = 7_000_000_003;

    private readonly Lock _lock = new();
    private readonly List<TestTimer> _timers = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiters = [];
    private DateTimeOffset _wallClock;
    private TimeSpan _elapsed;
    private long _order;

    public TestTimeProvider()
        : this(new DateTimeOffset(2026, 1, 15, 12, 0, 0, TimeSpan.Zero))
    {
    }

    public TestTimeProvider(DateTimeOffset start) => _wallClock = start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond * 7;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Timers that are set and have not fired for the last time.</summary>
    public int ActiveTimers
    {
        get
        {
            lock (_lock)
            {
                return _timers.Count;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _wallClock;
        }
    }

    public override long GetTimestamp()
    {
        lock (_lock)
        {
            return FirstTimestamp + (_elapsed.Ticks * 7);
        }
    }

    /// <summary>Moves both clocks forward; fires what falls due, on this thread, at the time it falls due.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan target;
        lock (_lock)
        {
            target = _elapsed + by;
        }

        while (TakeDue(target) is { } due)
        {
            due.Fire();
        }
    }

    /// <summary>Steps the wall clock only, as an administrator or NTP does; timers and timestamps do not notice.</summary>
    public void StepWallClock(TimeSpan by)
    {
        lock (_lock)
        {
            _wallClock += by;
        }
    }

    /// <summary>Completes as soon as at least so many timers are set: the code under test has come to its wait.</summary>
    public Task WaitForTimersAsync(int count = 1)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_timers.Count >= count)
            {
                return Task.CompletedTask;
            }

            _waiters.Add((count, reached));
        }

        return reached.Task.Within($"{count} timers set");
    }

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        TestTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private TestTimer? TakeDue(TimeSpan target)
    {
        lock (_lock)
        {
            TestTimer? next = _timers.OrderBy(timer => timer.Due).ThenBy(timer => timer.Order).FirstOrDefault();
            TimeSpan until = next is null || next.Due > target ? target : next.Due;
            if (until > _elapsed)
            {
                _wallClock += until - _elapsed;
                _elapsed = until;
            }

            if (next is null || next.Due > target)
            {
                return null;
            }

            if (next.Period > TimeSpan.Zero)
            {
                next.Due += next.Period;
                next.Order = _order++;
            }
            else
            {
                _timers.Remove(next);
            }

            return next;
        }
    }

    private void Set(TestTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            _timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            timer.Due = _elapsed + dueTime;
            timer.Period = period;
            timer.Order = _order++;
            _timers.Add(timer);
            foreach ((int count, TaskCompletionSource reached) in _waiters.Where(waiter => waiter.Count <= _timers.Count).ToArray())
            {
                _waiters.Remove((count, reached));
                reached.SetResult();
            }
        }
    }

    private void Remove(TestTimer timer)
    {
        lock (_lock)
        {
            _timers.Remove(timer);
        }
    }

    private sealed class TestTimer(TestTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        private bool _disposed;

        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; set; }

        public long Order { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_disposed)
            {
                return false;
            }

            owner.Set(this, dueTime, period);
            return true;
        }

        public void Dispose()
        {
            _disposed = true;
            owner.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
