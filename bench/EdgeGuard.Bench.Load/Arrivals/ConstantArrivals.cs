namespace EdgeGuard.Bench.Load.Arrivals;

/// <summary>Open loop, equally spaced. Each moment is computed from its number, so no error adds up.</summary>
internal sealed class ConstantArrivals(long start, long end, double ticksBetween) : IArrivals
{
    private long _taken;

    public long NextDue(long now)
    {
        long due = start + (long)(_taken * ticksBetween);
        return due < end ? due : long.MaxValue;
    }

    public void Take() => _taken++;
}
