namespace EdgeGuard.Engine.Counters;

/// <summary>How often the circuit breakers of one policy changed state since the process began. Thread-safe.</summary>
public sealed class BreakerTally
{
    private long _opened;
    private long _halfOpened;
    private long _closed;
    private long _lastOpened;

    /// <summary>Openings; each is counted once, however many requests met it.</summary>
    public long Opened => Volatile.Read(ref _opened);

    /// <summary>Changes from open to half-open.</summary>
    public long HalfOpened => Volatile.Read(ref _halfOpened);

    /// <summary>Changes from half-open to closed.</summary>
    public long Closed => Volatile.Read(ref _closed);

    /// <summary>When one last opened, in Unix milliseconds; 0 for never.</summary>
    public long LastOpened => Volatile.Read(ref _lastOpened);

    internal void Count(BreakerState state, long milliseconds)
    {
        switch (state)
        {
            case BreakerState.Open:
                Volatile.Write(ref _lastOpened, milliseconds);
                Interlocked.Increment(ref _opened);
                break;
            case BreakerState.HalfOpen:
                Interlocked.Increment(ref _halfOpened);
                break;
            default:
                Interlocked.Increment(ref _closed);
                break;
        }
    }
}
