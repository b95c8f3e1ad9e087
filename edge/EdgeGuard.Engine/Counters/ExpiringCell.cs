using System.Runtime.CompilerServices;

namespace EdgeGuard.Engine.Counters;

/// <summary>
/// Cells whose state means nothing from a certain second on: reading one takes no lock, changing one is a compare-and-swap unless it has to be
/// claimed or its expiry moves, which is done under the lock of its set.
/// </summary>
/// <remarks>Unsafe because it works on cells in place.</remarks>
internal static unsafe class ExpiringCell
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Lock-free attempts; each failure means that another request succeeded. Beyond them the lock is taken.</summary>
    private const int MaxAttempts = 16;

    /// <summary>Attempts under the lock, against those who still swap without it.</summary>
    private const int MaxLockedAttempts = 4096;

    /// <summary>Reads a state that has not expired; where newcomers to the key's set were sent to the overflow counter, that one's.</summary>
    /// <param name="table">Where.</param>
    /// <param name="key">The cell's name.</param>
    /// <param name="overflow">Its overflow counter; the default for none.</param>
    /// <param name="kind">What the word means.</param>
    /// <param name="nanoseconds">Now.</param>
    /// <param name="word">The state, or 0.</param>
    /// <param name="expiry">When it expires, or 0.</param>
    public static bool TryRead(
        CounterTable table, in CounterKey key, in CounterKey overflow, CellKind kind, long nanoseconds, out ulong word, out long expiry)
    {
        var now = nanoseconds / NanosecondsPerSecond;
        return TryRead(table.Main.Find(key), in key, kind, now, out word, out expiry)
            || (overflow != default
                && table.Main.HasOverflowed(in key)
                && TryRead(table.Overflow.Find(overflow), in overflow, kind, now, out word, out expiry));
    }

    /// <summary>Changes a state, which begins as 0 in a cell that is claimed for it.</summary>
    /// <param name="table">Where.</param>
    /// <param name="key">The cell's name.</param>
    /// <param name="overflow">Counter of newcomers to a full set; the default when they are not to be counted.</param>
    /// <param name="meta">Kind and generation.</param>
    /// <param name="step">The change.</param>
    /// <param name="claim">Whether a cell is claimed when there is none.</param>
    /// <param name="nanoseconds">Now.</param>
    /// <returns>Exceeded when the step refused or there is nothing to change, full when there is no cell.</returns>
    public static TakeResult Apply<TStep>(
        CounterTable table, in CounterKey key, in CounterKey overflow, ulong meta, ref TStep step, bool claim, long nanoseconds)
        where TStep : struct, ICellStep
    {
        var now = nanoseconds / NanosecondsPerSecond;
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var cell = table.Main.Find(key);
            if (!TryRead(cell, in key, CellMeta.KindOf(meta), now, out var word, out var expiry))
            {
                break;
            }

            if (!step.TryNext(word, expiry, out var next, out var nextExpiry))
            {
                return TakeResult.Exceeded;
            }

            if (nextExpiry != expiry)
            {
                break;
            }

            if (Interlocked.CompareExchange(ref cell->Word, next, word) == word && Holds(cell, in key))
            {
                return TakeResult.Taken;
            }
        }

        return ApplySlow(table, in key, in overflow, meta, ref step, claim, nanoseconds);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TakeResult ApplySlow<TStep>(
        CounterTable table, in CounterKey key, in CounterKey overflow, ulong meta, ref TStep step, bool claim, long nanoseconds)
        where TStep : struct, ICellStep
    {
        table.Main.Lock(in key);
        try
        {
            var cell = table.Main.Find(key);
            if (cell != null)
            {
                return ApplyLocked(table, table.Main, cell, meta, ref step, nanoseconds);
            }

            var spilled = overflow != default && table.Main.HasOverflowed(in key, meta);
            if (!claim)
            {
                return spilled ? ApplyOverflow(table, in overflow, meta, ref step, claim, nanoseconds) : TakeResult.Exceeded;
            }

            // What newcomers have counted in the overflow counter is where a newcomer's own cell begins.
            var first = 0UL;
            var expiry = 0L;
            if (spilled)
            {
                TryRead(
                    table.Overflow.Find(overflow), in overflow, CellMeta.KindOf(meta), nanoseconds / NanosecondsPerSecond, out first, out expiry);
            }

            var result = ClaimAndApply(table.Main, in key, first, expiry, meta, ref step, nanoseconds);
            if (result != TakeResult.Full)
            {
                return result;
            }

            if (overflow == default)
            {
                return TakeResult.Full;
            }

            table.Main.MarkOverflowed(in key, meta);
            return ApplyOverflow(table, in overflow, meta, ref step, claim, nanoseconds);
        }
        finally
        {
            table.Main.Unlock(in key);
        }
    }

    private static TakeResult ApplyOverflow<TStep>(
        CounterTable table, in CounterKey key, ulong meta, ref TStep step, bool claim, long nanoseconds)
        where TStep : struct, ICellStep
    {
        table.Overflow.Lock(in key);
        try
        {
            var cell = table.Overflow.Find(key);
            if (cell != null)
            {
                return ApplyLocked(table, table.Overflow, cell, meta, ref step, nanoseconds);
            }

            return claim ? ClaimAndApply(table.Overflow, in key, 0, 0, meta, ref step, nanoseconds) : TakeResult.Exceeded;
        }
        finally
        {
            table.Overflow.Unlock(in key);
        }
    }

    // Under the set's lock, for a key without a cell.
    private static TakeResult ClaimAndApply<TStep>(
        CounterRegion region, in CounterKey key, ulong word, long expiry, ulong meta, ref TStep step, long nanoseconds)
        where TStep : struct, ICellStep
    {
        if (!step.TryNext(word, expiry, out var next, out var nextExpiry))
        {
            return TakeResult.Exceeded;
        }

        var cell = region.TryClaim(in key, meta, nanoseconds, out _);
        if (cell == null)
        {
            return TakeResult.Full;
        }

        region.Publish(cell, in key, CellMeta.WithExpiry(meta, nextExpiry), next);
        return TakeResult.Taken;
    }

    // Under the set's lock, for a cell of the key: nobody else claims it or moves its expiry, others may still swap its word.
    private static TakeResult ApplyLocked<TStep>(
        CounterTable table, CounterRegion region, Cell* cell, ulong meta, ref TStep step, long nanoseconds)
        where TStep : struct, ICellStep
    {
        var expiry = CellMeta.ExpiryOf(cell->Meta);
        var expired = expiry <= nanoseconds / NanosecondsPerSecond;
        for (var attempt = 0; attempt < MaxLockedAttempts; attempt++)
        {
            var word = Volatile.Read(ref cell->Word);
            if (!step.TryNext(expired ? 0 : word, expired ? 0 : expiry, out var next, out var nextExpiry))
            {
                return TakeResult.Exceeded;
            }

            if (nextExpiry != expiry)
            {
                return Rewrite(table, region, cell, meta, expired, ref step);
            }

            if (Interlocked.CompareExchange(ref cell->Word, next, word) == word)
            {
                return TakeResult.Taken;
            }
        }

        return TakeResult.Exceeded;
    }

    // Under the set's lock: state and expiry change together. The journal keeps the old ones meanwhile, should the process be killed.
    private static TakeResult Rewrite<TStep>(
        CounterTable table, CounterRegion region, Cell* cell, ulong meta, bool expired, ref TStep step)
        where TStep : struct, ICellStep
    {
        if (!table.Journal.TryBegin(cell, MaxLockedAttempts, out var entry, out var word))
        {
            return TakeResult.Exceeded;
        }

        var changes = step.TryNext(expired ? 0 : word, expired ? 0 : CellMeta.ExpiryOf(cell->Meta), out var next, out var expiry);
        if (changes)
        {
            region.ChangeMeta(cell, CellMeta.WithExpiry(meta, expiry));
        }

        Volatile.Write(ref cell->Word, changes ? next : word);
        table.Journal.End(entry);
        return changes ? TakeResult.Taken : TakeResult.Exceeded;
    }

    // The word is read first and again last: whoever claims the cell or moves its expiry writes to it before and after.
    private static bool TryRead(Cell* cell, in CounterKey key, CellKind kind, long now, out ulong word, out long expiry)
    {
        if (cell != null)
        {
            word = Volatile.Read(ref cell->Word);
            var meta = Volatile.Read(ref cell->Meta);
            expiry = CellMeta.ExpiryOf(meta);
            if (word != Cell.Busy
                && Holds(cell, in key)
                && CellMeta.KindOf(meta) == kind
                && expiry > now
                && Volatile.Read(ref cell->Word) == word)
            {
                return true;
            }
        }

        word = 0;
        expiry = 0;
        return false;
    }

    private static bool Holds(Cell* cell, in CounterKey key) =>
        Volatile.Read(ref cell->KeyLow) == key.Low && Volatile.Read(ref cell->KeyHigh) == key.High;
}
