namespace EdgeGuard.Engine.Counters;

/// <summary>What can be told of a cell without its rule.</summary>
internal static class CellState
{
    /// <summary>Whether forgetting the cell would change nothing: for a token bucket, that it is full.</summary>
    public static bool EqualsAbsent(ulong word, ulong meta, GenerationRegistry registry, long nanoseconds)
    {
        if (word == Cell.Busy || CellMeta.KindOf(meta) != CellKind.TokenBucket
            || !registry.TryGet(CellMeta.GenerationOf(meta), out var scale))
        {
            return false;
        }

        return BucketWord.Deficit(word, meta, in scale, nanoseconds) == 0;
    }
}
