namespace EdgeGuard.Engine.Counters;

/// <summary>Reads a token bucket through all the numbers that were in force since it was written.</summary>
internal static class BucketHistory
{
    /// <summary>
    /// What is left of a bucket in its limit's newest numbers that were ever in force. It is what is left by the numbers it is written in,
    /// and no more than what was left when the next ones came into force and has refilled by them until the ones after, and so on until now:
    /// a slower rate counts from its activation, not from the first request that meets it.
    /// </summary>
    /// <param name="registry">All numbers.</param>
    /// <param name="word">The bucket.</param>
    /// <param name="meta">Its metadata.</param>
    /// <param name="nanoseconds">Now.</param>
    /// <param name="left">Units left; below zero for a bucket in debt.</param>
    /// <param name="scale">The newest numbers, which <paramref name="left"/> is in.</param>
    /// <param name="generation">Their index.</param>
    /// <returns>False for numbers that are not known.</returns>
    public static bool TryRead(
        GenerationRegistry registry, ulong word, ulong meta, long nanoseconds, out long left, out BucketScale scale, out int generation)
    {
        generation = CellMeta.GenerationOf(meta);
        if (!registry.TryGet(generation, out scale))
        {
            left = 0;
            return false;
        }

        left = Left(word, meta, in scale, nanoseconds);
        var index = generation;
        if (!registry.TryGetNext(ref index, out var next, out var since))
        {
            return true;
        }

        var at = Math.Min(since, nanoseconds);
        var level = Left(word, meta, in scale, at);
        while (true)
        {
            level = next.Rescale(level, in scale);
            left = next.Rescale(left, in scale);
            scale = next;
            generation = index;
            var from = at;
            var more = registry.TryGetNext(ref index, out next, out since);
            at = more ? Math.Clamp(since, from, nanoseconds) : nanoseconds;
            level = Math.Min(level + (long)scale.RefilledBetween(from, at), (long)scale.Burst);
            if (!more)
            {
                left = Math.Min(left, level);
                return true;
            }
        }
    }

    /// <summary>
    /// What is left at most in the numbers of another line than the one that a bucket is written in: of a plan that was added while the bucket
    /// lay untouched, or of the rule's own after its plan was removed. It is what was left when that line began, and has refilled by it since.
    /// </summary>
    /// <param name="registry">All numbers.</param>
    /// <param name="word">The bucket.</param>
    /// <param name="meta">Its metadata.</param>
    /// <param name="nanoseconds">Now.</param>
    /// <param name="index">The generation in whose units to tell.</param>
    /// <returns>The largest number when that line is as old as the bucket's numbers: then a caller changed plans, and takes over what is left.</returns>
    public static long LeftBy(GenerationRegistry registry, ulong word, ulong meta, long nanoseconds, int index)
    {
        var written = CellMeta.GenerationOf(meta);
        if (!registry.TryGetLine(written, index, out var first, out var since) || !registry.TryGet(first, out var next))
        {
            return long.MaxValue;
        }

        var at = Math.Min(since, nanoseconds);
        if (!TryRead(registry, word, meta, at, out var level, out var scale, out _))
        {
            return long.MaxValue;
        }

        // A bucket that was touched since then looks emptier than it was at that time; never more than empty.
        level = Math.Max(level, 0);
        var current = first;
        while (true)
        {
            level = next.Rescale(level, in scale);
            scale = next;
            var from = at;
            var last = current;
            var more = last != index && registry.TryGetNext(ref current, out next, out since);
            at = more ? Math.Clamp(since, from, nanoseconds) : nanoseconds;
            level = Math.Min(level + (long)scale.RefilledBetween(from, at), (long)scale.Burst);
            if (!more)
            {
                return last == index ? level : long.MaxValue;
            }
        }
    }

    private static long Left(ulong word, ulong meta, in BucketScale scale, long nanoseconds) =>
        (long)scale.Burst - (long)BucketWord.Deficit(word, meta, in scale, nanoseconds);
}
