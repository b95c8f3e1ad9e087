namespace EdgeGuard.Engine.Tests.Reference;

/// <summary>A bucket as a level that refills continuously.</summary>
internal sealed class ReferenceBucket(ReferenceNumbers numbers) : ReferenceCounter
{
    private const decimal Second = 1_000_000_000;

    private ReferenceNumbers _numbers = numbers;
    private decimal _used;
    private long _last;
    private long _fills;

    public override decimal Used(long nanoseconds) => Math.Max(0, _used - (_numbers.Rate * (nanoseconds - _last) / Second));

    public override long Take(decimal units, long nanoseconds)
    {
        var used = Used(nanoseconds);
        _fills += used == 0 ? 1 : 0;
        _used = used + units;
        _last = nanoseconds;
        return _fills;
    }

    // Once the bucket has been full, what an earlier request gives back is worth nothing.
    public override void GiveBack(decimal units, long mark, long nanoseconds)
    {
        if (mark == _fills)
        {
            _used = Math.Max(0, Used(nanoseconds) - units);
            _last = nanoseconds;
        }
    }

    /// <summary>Charges what was used beyond; a mark of before does not matter.</summary>
    public void Charge(decimal units, long nanoseconds)
    {
        var used = Used(nanoseconds);
        _fills += used == 0 ? 1 : 0;
        _used = used + units;
        _last = nanoseconds;
    }

    // What was left stays, as far as it fits. A full bucket is no other than one that never was, which begins full.
    public override void Configure(ReferenceNumbers numbers, long nanoseconds)
    {
        if (numbers == _numbers)
        {
            return;
        }

        var used = Used(nanoseconds);
        var left = used == 0 ? numbers.Quota : _numbers.Quota - used;
        _numbers = numbers;
        _used = numbers.Quota - Math.Min(left, numbers.Quota);
        _last = nanoseconds;
    }
}
