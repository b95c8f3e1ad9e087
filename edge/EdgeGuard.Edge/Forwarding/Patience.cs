namespace EdgeGuard.Edge.Forwarding;

/// <summary>
/// Ends waits that take too long. One timer serves request after request: it is set when none is, and when it fires it looks what is being waited for by then; so a
/// request that is in time costs a look at the clock and no timer.
/// </summary>
internal sealed class Patience : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly Action<long> _expired;
    private readonly ITimer _timer;
    private long _due;
    private long _set;
    private long _turn;

    public Patience(TimeProvider time, Action<long> expired)
    {
        _time = time;
        _expired = expired;
        _timer = time.CreateTimer(static state => ((Patience)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Which wait this is: one that has ended is told to have expired in vain.</summary>
    public long Turn => Interlocked.Read(ref _turn);

    /// <summary>Begins a wait, instead of the one before.</summary>
    public void Begin(TimeSpan limit)
    {
        var now = _time.GetTimestamp();
        var due = now + (long)(limit.TotalSeconds * _time.TimestampFrequency);
        lock (_gate)
        {
            _turn++;
            _due = due;
            if (_set == 0 || due < _set)
            {
                Set(due, now);
            }
        }
    }

    /// <summary>Ends it.</summary>
    public void End()
    {
        lock (_gate)
        {
            _turn++;
            _due = 0;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        long turn;
        lock (_gate)
        {
            turn = _turn;
            _set = 0;
            if (_due == 0)
            {
                return;
            }

            var now = _time.GetTimestamp();
            if (now < _due)
            {
                Set(_due, now);
                return;
            }

            _due = 0;
        }

        _expired(turn);
    }

    // Rounded up to a millisecond, so that the timer does not come early and go round again.
    private void Set(long due, long now)
    {
        _set = due;
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(_time.GetElapsedTime(now, due).TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }
}
