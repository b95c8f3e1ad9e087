using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Edge.Sync;

/// <summary>What is known about the connection, for status and metrics. Thread-safe.</summary>
internal sealed class SyncStatus(TimeProvider time, bool isConnected)
{
    private const long Never = long.MinValue;

    private long _lastDirective = Never;
    private long _connects;
    private long _applied;
    private long _refused;
    private volatile Diagnostic? _problem;
    private volatile int _state = (int)(isConnected ? ConnectionState.Connecting : ConnectionState.Standalone);

    public ConnectionState State
    {
        get => (ConnectionState)_state;
        set => _state = (int)value;
    }

    /// <summary>Why it does not work, or null while it does.</summary>
    public Diagnostic? Problem
    {
        get => _problem;
        set => _problem = value;
    }

    /// <summary>Streams opened since the process started.</summary>
    public long Connects => Volatile.Read(ref _connects);

    /// <summary>Directives applied since the process started.</summary>
    public long Applied => Volatile.Read(ref _applied);

    /// <summary>Directives refused since the process started.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>How long ago a verified directive or heartbeat said what is current; null for never.</summary>
    public TimeSpan? DirectiveAge
    {
        get
        {
            var last = Volatile.Read(ref _lastDirective);
            return last == Never ? null : time.GetElapsedTime(last);
        }
    }

    /// <summary>A stream was opened.</summary>
    public void Opened() => Interlocked.Increment(ref _connects);

    /// <summary>A verified directive came: the edge knows that it is current.</summary>
    public void Fresh()
    {
        Volatile.Write(ref _lastDirective, time.GetTimestamp());
        State = ConnectionState.Connected;
        Problem = null;
    }

    /// <summary>A directive was applied or refused.</summary>
    public void Count(bool applied) => Interlocked.Increment(ref applied ? ref _applied : ref _refused);
}
