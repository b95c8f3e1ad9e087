using EdgeGuard.Engine.Adaptive;

namespace EdgeGuard.Engine.Tests.Adaptive;

/// <summary>
/// An upstream with so many workers and one queue, in virtual time. Requests come at random, are let in by a limiter or shed, wait for a worker
/// and are served.
/// </summary>
internal sealed class Upstream(AdaptiveLimiter limiter, Random random)
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly PriorityQueue<(long Start, int Class), long> _ends = new();
    private readonly PriorityQueue<int, long> _workers = new();
    private long _now = NanosecondsPerSecond;

    /// <summary>Requests that it serves at once.</summary>
    public int Workers { get; set; } = 10;

    /// <summary>Time that it takes to serve one, in milliseconds.</summary>
    public double ServiceMilliseconds { get; set; } = 20;

    /// <summary>Requests that were let in and shed, by class.</summary>
    public int[] Served { get; } = new int[2];

    public int[] Shed { get; } = new int[2];

    /// <summary>Latencies in milliseconds of those that ended in the last run.</summary>
    public List<double> Latencies { get; } = [];

    /// <summary>Mean of the limit over the last run.</summary>
    public double MeanLimit { get; private set; }

    /// <summary>Requests a second that it can serve.</summary>
    public double Capacity => Workers * 1000 / ServiceMilliseconds;

    /// <summary>Sends requests for a while.</summary>
    /// <param name="seconds">How long.</param>
    /// <param name="rate">Requests a second.</param>
    /// <param name="lowShare">Share of them that are in the lower class.</param>
    public void Run(double seconds, double rate, double lowShare = 0)
    {
        Latencies.Clear();
        Served.AsSpan().Clear();
        Shed.AsSpan().Clear();
        var end = _now + (long)(seconds * NanosecondsPerSecond);
        var arrivals = 0L;
        var limits = 0.0;
        while (true)
        {
            var next = _now + (long)(-Math.Log(1 - random.NextDouble()) / rate * NanosecondsPerSecond);
            if (next > end)
            {
                break;
            }

            Finish(next);
            _now = next;
            Arrive(random.NextDouble() < lowShare ? 1 : 0);
            limits += limiter.Limit;
            arrivals++;
        }

        Finish(end);
        _now = end;
        MeanLimit = limits / arrivals;
    }

    private void Finish(long until)
    {
        while (_ends.TryPeek(out var request, out var at) && at <= until)
        {
            _ends.Dequeue();
            limiter.Exit(request.Start, at, dropped: false);
            Latencies.Add((at - request.Start) / 1e6);
        }
    }

    private void Arrive(int priorityClass)
    {
        if (!limiter.TryEnter(priorityClass))
        {
            Shed[priorityClass]++;
            return;
        }

        Served[priorityClass]++;

        // A worker is free when its last request ends; whoever comes earlier waits.
        while (_workers.Count > Workers)
        {
            _workers.Dequeue();
        }

        var free = _workers.Count < Workers ? _now : Free();
        var begin = Math.Max(_now, free);
        var ends = begin + (long)(ServiceMilliseconds * (0.8 + (0.4 * random.NextDouble())) * 1e6);
        _workers.Enqueue(0, ends);
        _ends.Enqueue((_now, priorityClass), ends);
    }

    private long Free()
    {
        _workers.TryDequeue(out _, out var at);
        return at;
    }
}
