namespace EdgeGuard.Engine.Counters;

/// <summary>What can be told of a cell without its rule.</summary>
internal static class CellState
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>
    /// Whether forgetting the cell would change nothing: a token bucket is full, nothing is in flight, or the window has passed.
    /// </summary>
    public static bool EqualsAbsent(ulong word, ulong meta, GenerationRegistry registry, long nanoseconds)
    {
        if (word == Cell.Busy)
        {
            return false;
        }

        var kind = CellMeta.KindOf(meta);
        if (kind > CellKind.TokenBucket)
        {
            return kind == CellKind.Concurrency ? UsageWord.Amount(word) == 0 : CellMeta.ExpiryOf(meta) <= nanoseconds / NanosecondsPerSecond;
        }

        if (kind != CellKind.TokenBucket || !registry.TryGet(CellMeta.GenerationOf(meta), out var scale))
        {
            return false;
        }

        return BucketWord.Deficit(word, meta, in scale, nanoseconds) == 0;
    }
}
