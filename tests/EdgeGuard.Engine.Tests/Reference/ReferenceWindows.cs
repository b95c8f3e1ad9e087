namespace EdgeGuard.Engine.Tests.Reference;

/// <summary>A budget (one part) or a sliding window (several): what was taken in each part, in a dictionary.</summary>
internal sealed class ReferenceWindows(ReferenceNumbers numbers) : ReferenceCounter
{
    private readonly Dictionary<long, decimal> _taken = [];
    private readonly long _length = numbers.Window / Math.Max(1, numbers.Parts);
    private readonly int _before = numbers.Parts;

    public override decimal Used(long nanoseconds)
    {
        var part = nanoseconds / _length;
        var used = 0m;
        for (var i = part - _before; i <= part; i++)
        {
            used += _taken.GetValueOrDefault(i);
        }

        return used;
    }

    public override long Take(decimal units, long nanoseconds)
    {
        var part = nanoseconds / _length;
        _taken[part] = _taken.GetValueOrDefault(part) + units;
        return part;
    }

    public override void GiveBack(decimal units, long mark, long nanoseconds) => _taken[mark] -= units;
}
