namespace EdgeGuard.Engine.Counters;

/// <summary>Of a sliding window: what distinguishes the names of the parts before one part, the nearest first. The same for all counters.</summary>
internal sealed class PartMixes
{
    private readonly (ulong Low, ulong High)[] _before;

    public PartMixes(long start, long length, int parts)
    {
        Start = start;
        _before = new (ulong Low, ulong High)[parts];
        for (var back = 1; back <= parts; back++)
        {
            _before[back - 1] = UsageName.MixOf(start - (back * length), length);
        }
    }

    /// <summary>Start of the part itself, in nanoseconds since the Unix epoch.</summary>
    public long Start { get; }

    public ReadOnlySpan<(ulong Low, ulong High)> Before => _before;
}
