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
    private readonly Dictionary<BucketScale, int> _byScale = [];
    private volatile BucketScale[] _scales = new BucketScale[16];
    private volatile int _count = 1;

    /// <summary>The index of some numbers, given out on first sight.</summary>
    public int IndexOf(in BucketScale scale)
    {
        lock (_lock)
        {
            if (_byScale.TryGetValue(scale, out var index))
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
            _byScale.Add(scale, index);
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
