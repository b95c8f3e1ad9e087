namespace EdgeGuard.Engine.Counters;

/// <summary>
/// One more of the same request. The word: bits 22 to 63 the millisecond at which the window began, bits 0 to 21 the repeats in it.
/// </summary>
/// <param name="nowMilliseconds">Now.</param>
/// <param name="windowMilliseconds">Length of a window.</param>
/// <param name="capacity">What repeats may come to.</param>
internal struct LoopExactStep(long nowMilliseconds, long windowMilliseconds, ulong capacity) : ICellStep
{
    private const int CountBits = 22;
    private const ulong MaxCount = (1UL << CountBits) - 1;

    /// <summary>Repeats before this one.</summary>
    public ulong Before { get; private set; }

    /// <summary>Millisecond at which the window began.</summary>
    public long Start { get; private set; }

    public bool TryNext(ulong word, long expiry, out ulong next, out long nextExpiry)
    {
        Read(word, nowMilliseconds, windowMilliseconds, out var before, out var start);
        Before = before;
        Start = start;
        next = ((ulong)start << CountBits) | Math.Min(before + 1, MaxCount);
        nextExpiry = (start + windowMilliseconds + 999) / 1000;
        return before < capacity;
    }

    /// <summary>What a word says of the window that a time is in.</summary>
    public static void Read(ulong word, long nowMilliseconds, long windowMilliseconds, out ulong before, out long start)
    {
        start = (long)(word >> CountBits);
        before = word & MaxCount;
        if (word == 0 || nowMilliseconds >= start + windowMilliseconds)
        {
            start = nowMilliseconds;
            before = 0;
        }
    }

    /// <summary>A repeat that did not happen after all: the word without it, if it is still the same window.</summary>
    public static bool TryUndo(ulong word, long start, out ulong next)
    {
        next = word - 1;
        return (long)(word >> CountBits) == start && (word & MaxCount) > 0;
    }
}
