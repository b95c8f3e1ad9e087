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
            return kind == CellKind.Concurrency ? UsageWord.Amount(word, meta) == 0 : CellMeta.ExpiryOf(meta) <= nanoseconds / NanosecondsPerSecond;
        }

        // Full by the numbers that it is written in, and by the newest: a bundle that went before may still be deciding.
        return kind == CellKind.TokenBucket
            && registry.TryGet(CellMeta.GenerationOf(meta), out var own)
            && BucketWord.Deficit(word, meta, in own, nanoseconds) == 0
            && BucketHistory.TryRead(registry, word, meta, nanoseconds, out var left, out var scale, out _)
            && left == (long)scale.Burst;
    }
}
