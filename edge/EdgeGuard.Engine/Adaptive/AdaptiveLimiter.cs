using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Adaptive;

/// <summary>
/// Protects one upstream: lets in as many requests at once as it was found to bear, and of those that are too many sheds the least important
/// first. In memory only: after a restart it learns anew. Thread-safe; entering and leaving take no lock and allocate nothing.
/// </summary>
/// <remarks>
/// Of <c>n</c> classes, class <c>i</c> (0 is the most important) enters while fewer than <c>limit * (1 - i / 2n)</c> requests of all classes are
/// in flight, and always while nobody is: of two classes the second leaves a quarter of the limit to the first. There is no guaranteed share for
/// a lower class: as long as higher ones fill the upstream, it gets nothing.
/// </remarks>
public sealed class AdaptiveLimiter
{
    /// <summary>A window has so many samples at least, unless it lasts too long.</summary>
    private const int LeastSamples = 10;

    /// <summary>A window is no shorter than this, nor than the upstream's best latency.</summary>
    private const long ShortestWindow = 100_000_000;

    /// <summary>A window of few samples ends after this and four times the shortest.</summary>
    private const long LongestWindow = 2_000_000_000;
    private const long LongWindowFactor = 4;

    private readonly Lock _lock = new();
    private AdaptiveGradient _gradient;
    private int _limit;
    private int _inFlight;
    private int _mostInFlight;
    private int _samples;
    private int _dropped;
    private int _shedInWindow;
    private int _draining;
    private int _measuring;
    private long _latencies;
    private long _windowStart;
    private long _bestNanoseconds;
    private long _shed;
    private AdaptiveConcurrencyDefinition _definition;

    /// <summary>A limiter that has yet to learn.</summary>
    public AdaptiveLimiter(AdaptiveConcurrencyDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        _definition = definition;
        Classes = definition.Priority?.Classes.Length ?? 1;
        _gradient = new AdaptiveGradient(definition);
        _limit = _gradient.Limit;
    }

    /// <summary>How many may be in flight now.</summary>
    public int Limit => Volatile.Read(ref _limit);

    /// <summary>How many are.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>How many were shed since the process began.</summary>
    public long Shed => Volatile.Read(ref _shed);

    /// <summary>Best latency of the upstream, in nanoseconds; 0 before it is known.</summary>
    public long BestNanoseconds => Volatile.Read(ref _bestNanoseconds);

    /// <summary>How many classes it tells apart.</summary>
    public int Classes { get; private set; }

    /// <summary>Takes other numbers and keeps what was learnt, within them.</summary>
    public void Configure(AdaptiveConcurrencyDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        lock (_lock)
        {
            if (_definition == definition)
            {
                return;
            }

            _definition = definition;
            Classes = definition.Priority?.Classes.Length ?? 1;
            _gradient.Configure(definition);
            Volatile.Write(ref _limit, _gradient.Limit);
        }
    }

    /// <summary>Begins anew, with nothing learnt and nobody in flight; whoever was let in before must not leave any more. Only for tests of policies.</summary>
    internal void Forget()
    {
        lock (_lock)
        {
            _gradient = new AdaptiveGradient(_definition);
            (_inFlight, _mostInFlight, _samples, _dropped, _shedInWindow) = (0, 0, 0, 0, 0);
            (_draining, _measuring, _latencies, _windowStart, _bestNanoseconds, _shed) = (0, 0, 0, 0, 0, 0);
            Volatile.Write(ref _limit, _gradient.Limit);
        }
    }

    /// <summary>How many of all classes may be in flight for one more of a class to enter.</summary>
    /// <param name="priorityClass">0 is the most important.</param>
    public int ShareOf(int priorityClass)
    {
        var limit = Limit;
        return Math.Max(1, limit - (int)((long)limit * priorityClass / (2 * Classes)));
    }

    /// <summary>Whether a request of a class would enter now; changes nothing.</summary>
    public bool WouldEnter(int priorityClass) => InFlight < ShareOf(priorityClass);

    /// <summary>Lets a request in, or sheds it. Whoever is let in leaves by <see cref="Exit"/> or <see cref="Cancel"/>, once.</summary>
    /// <param name="priorityClass">0 is the most important.</param>
    public bool TryEnter(int priorityClass)
    {
        var share = ShareOf(priorityClass);
        var seen = InFlight;
        while (seen < share)
        {
            var before = Interlocked.CompareExchange(ref _inFlight, seen + 1, seen);
            if (before == seen)
            {
                if (seen + 1 > Volatile.Read(ref _mostInFlight))
                {
                    // Two at once may leave the smaller of both: it is only looked at roughly.
                    Volatile.Write(ref _mostInFlight, seen + 1);
                }

                return true;
            }

            seen = before;
        }

        Interlocked.Increment(ref _shed);
        Volatile.Write(ref _shedInWindow, 1);
        return false;
    }

    /// <summary>A request that was let in ended without having been forwarded: nothing is learnt of it.</summary>
    public void Cancel() => Interlocked.Decrement(ref _inFlight);

    /// <summary>A request that was let in is done.</summary>
    /// <param name="startNanoseconds">When it was let in.</param>
    /// <param name="nowNanoseconds">When it ended, by the same clock.</param>
    /// <param name="dropped">Whether it failed in a way that tells of overload: no connection, a timeout, a 503 of the upstream.</param>
    public void Exit(long startNanoseconds, long nowNanoseconds, bool dropped)
    {
        Interlocked.Decrement(ref _inFlight);
        if (dropped)
        {
            Volatile.Write(ref _dropped, 1);
        }
        else if (Volatile.Read(ref _measuring) == 0 || startNanoseconds >= Volatile.Read(ref _windowStart))
        {
            Interlocked.Add(ref _latencies, Math.Max(1, nowNanoseconds - startNanoseconds));
            Interlocked.Increment(ref _samples);
        }

        if (IsDue(nowNanoseconds) && _lock.TryEnter())
        {
            try
            {
                if (IsDue(nowNanoseconds))
                {
                    Learn(nowNanoseconds);
                }
            }
            finally
            {
                _lock.Exit();
            }
        }
    }

    // While the best latency is measured, a window ends when enough of what entered in it has.
    private bool IsDue(long now)
    {
        var start = Volatile.Read(ref _windowStart);
        var age = now - start;
        if (start == 0 || (Volatile.Read(ref _draining) != 0 && InFlight <= Limit))
        {
            return true;
        }

        var least = Math.Max(ShortestWindow, Volatile.Read(ref _bestNanoseconds));
        return age >= LongestWindow + (LongWindowFactor * least)
            || (age >= least && Volatile.Read(ref _draining) == 0 && Volatile.Read(ref _samples) >= LeastSamples);
    }

    // A sample that is added while the sums are taken counts in one window or the other; a mean does not mind.
    private void Learn(long now)
    {
        var start = _windowStart;
        var samples = Interlocked.Exchange(ref _samples, 0);
        var latencies = Interlocked.Exchange(ref _latencies, 0);
        var window = new AdaptiveWindow(
            samples,
            samples == 0 ? 0 : (double)latencies / samples,
            Interlocked.Exchange(ref _mostInFlight, InFlight),
            Interlocked.Exchange(ref _dropped, 0) != 0,
            Interlocked.Exchange(ref _shedInWindow, 0) != 0);
        Volatile.Write(ref _windowStart, now);
        if (start == 0)
        {
            return;
        }

        if (_draining != 0 && InFlight <= Limit)
        {
            // What enters from now on finds no queue of ours.
            Volatile.Write(ref _measuring, 1);
            Volatile.Write(ref _draining, 0);
            return;
        }

        _gradient.Learn(in window);
        Volatile.Write(ref _measuring, 0);
        Volatile.Write(ref _draining, _gradient.IsProbing ? 1 : 0);
        Volatile.Write(ref _bestNanoseconds, (long)_gradient.BestNanoseconds);
        Volatile.Write(ref _limit, _gradient.Limit);
    }
}
