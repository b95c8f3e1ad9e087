namespace EdgeGuard.Bench.Load.Arrivals;

/// <summary>
/// Open loop with exponentially distributed gaps: how independent clients arrive. The same seed gives the same moments, so two
/// servers get the same bursts.
/// </summary>
internal sealed class PoissonArrivals : IArrivals
{
    private readonly long _start;
    private readonly long _end;
    private readonly double _mean;
    private readonly Random _random;
    private double _offset;

    public PoissonArrivals(long start, long end, double meanTicksBetween, int seed)
    {
        _start = start;
        _end = end;
        _mean = meanTicksBetween;
        _random = new Random(seed);
        Take();
    }

    public long NextDue(long now)
    {
        long due = _start + (long)_offset;
        return due < _end ? due : long.MaxValue;
    }

    // 1 - u lies in (0, 1]: the logarithm is finite.
    public void Take() => _offset -= Math.Log(1 - _random.NextDouble()) * _mean;
}
