namespace EdgeGuard.Edge.Leases;

/// <summary>What people are told of the leases of this edge. Thread-safe: written by the one who exchanges, read by whoever asks.</summary>
internal sealed class LeaseStatus(TimeProvider time)
{
    private const long Never = long.MinValue;

    private long _last = Never;
    private long _exchanges;
    private long _failures;
    private long _asked;
    private long _keys;
    private volatile string? _problem;
    private volatile IReadOnlyList<LeaseBudgetReport> _budgets = [];

    /// <summary>How long ago the control plane answered; null for never.</summary>
    public TimeSpan? Age => Volatile.Read(ref _last) is var last && last == Never ? null : time.GetElapsedTime(last);

    public long Exchanges => Volatile.Read(ref _exchanges);

    public long Failures => Volatile.Read(ref _failures);

    /// <summary>How often more of a key was asked for.</summary>
    public long Asked => Volatile.Read(ref _asked);

    /// <summary>Keys and windows kept in mind.</summary>
    public long Keys => Volatile.Read(ref _keys);

    /// <summary>Why the last exchange failed, or null.</summary>
    public string? Problem => _problem;

    /// <summary>What is held, by budget, as of the last exchange.</summary>
    public IReadOnlyList<LeaseBudgetReport> Budgets => _budgets;

    public void Succeeded()
    {
        Volatile.Write(ref _last, time.GetTimestamp());
        Interlocked.Increment(ref _exchanges);
        _problem = null;
    }

    public void Failed(string problem)
    {
        Interlocked.Increment(ref _failures);
        _problem = problem;
    }

    public void Told(long asked, long keys, IReadOnlyList<LeaseBudgetReport> budgets)
    {
        Volatile.Write(ref _asked, asked);
        Volatile.Write(ref _keys, keys);
        _budgets = budgets;
    }
}
