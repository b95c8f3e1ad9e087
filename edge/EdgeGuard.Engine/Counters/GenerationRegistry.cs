namespace EdgeGuard.Engine.Counters;

/// <summary>
/// The numbers that cells were ever written in, each under a small index that the cells carry: equal numbers share one, so an unchanged
/// rule keeps its generation over any number of reloads. Entries are never taken back; 10 000 of them are 400 kB.
/// </summary>
internal sealed class GenerationRegistry
{
    /// <summary>The index of numbers that could not be remembered: their cells count as empty buckets once the rule changes.</summary>
    public const int Unknown = 0;

    private readonly Lock _lock = new();
    private readonly Dictionary<(ulong Owner, CellKind Kind, BucketScale Scale), int> _byNumbers = [];
    private volatile BucketScale[] _scales = new BucketScale[16];
    private volatile int _count = 1;

    /// <summary>The index of a limit's present numbers, given out on first sight.</summary>
    /// <param name="owner">Who the limit is: a hash of everything that makes its counters its own, and of nothing tunable. Never 0.</param>
    /// <param name="kind">What its cells hold.</param>
    /// <param name="scale">Its numbers; <c>default</c> for kinds whose cells can be read without any.</param>
    public int IndexOf(ulong owner, CellKind kind, in BucketScale scale)
    {
        lock (_lock)
        {
            if (_byNumbers.TryGetValue((owner, kind, scale), out var index))
            {
                return index;
            }

            if (_count == CellMeta.MaxGenerations)
            {
                return Unknown;
            }

            index = _count;
            var scales = _scales;
            if (index == scales.Length)
            {
                Array.Resize(ref scales, index * 2);
            }

            scales[index] = scale;
            _scales = scales;
            _count = index + 1;
            _byNumbers.Add((owner, kind, scale), index);
            return index;
        }
    }

    /// <summary>The numbers under an index; false for one that is not known.</summary>
    public bool TryGet(int index, out BucketScale scale)
    {
        var scales = _scales;
        if (index <= Unknown || index >= _count || index >= scales.Length)
        {
            scale = default;
            return false;
        }

        scale = scales[index];
        return true;
    }
}
