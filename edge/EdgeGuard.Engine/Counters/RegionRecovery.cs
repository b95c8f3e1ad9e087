namespace EdgeGuard.Engine.Counters;

/// <summary>
/// Reads all cells of a region after the process that used it is gone: clears what it was claiming and what only lived with it, counts the
/// rest again. Unsafe because the cells lie in the table's file.
/// </summary>
internal static unsafe class RegionRecovery
{
    /// <summary>
    /// Puts the region in order. False when a cell says what no process ever writes, which only damage to the file does: nothing of it is to
    /// be believed then.
    /// </summary>
    /// <param name="parts">Where it lies.</param>
    /// <param name="generations">Whose its cells are; counts no cell of this region yet.</param>
    /// <param name="shared">Whether limits have shares of it.</param>
    public static bool TryRun(in RegionParts parts, GenerationRegistry generations, bool shared)
    {
        var occupied = 0L;
        for (var set = 0UL; set < parts.Sets; set++)
        {
            for (var cell = parts.Cells + (set * CounterRegion.CellsPerSet); cell < parts.Cells + ((set + 1) * CounterRegion.CellsPerSet); cell++)
            {
                if (cell->Word == Cell.Busy || CellMeta.KindOf(cell->Meta) == CellKind.Concurrency)
                {
                    // Claimed, but nobody was told yet; or a number of requests that died with their process.
                    *cell = default;
                }

                if (cell->KeyLow == 0 && cell->KeyHigh == 0)
                {
                    cell->Meta = 0;
                    continue;
                }

                var generation = CellMeta.GenerationOf(cell->Meta);
                if ((cell->KeyLow & (parts.Sets - 1)) != set || !generations.IsKnown(generation, CellMeta.KindOf(cell->Meta)))
                {
                    return false;
                }

                generations.CountCell(generation, shared);
                occupied++;
            }
        }

        *parts.Occupied = occupied;
        for (var i = 0; i < parts.LockCount; i++)
        {
            parts.Locks[i] &= CounterRegion.Overflowed;
        }

        return true;
    }

    /// <summary>
    /// Gives back the requests in flight that a dead process held, while others decide. It counted them apart (<see cref="UsageWord"/>), so nothing
    /// of theirs is touched; and a cell where it holds any cannot become another's before that.
    /// </summary>
    /// <param name="parts">Where the region lies.</param>
    /// <param name="region">The region, of which the dead process holds no lock any more.</param>
    /// <param name="shift">Where the dead process counted.</param>
    public static void ReleaseSlots(in RegionParts parts, CounterRegion region, int shift)
    {
        for (var set = 0UL; set < parts.Sets; set++)
        {
            for (var cell = parts.Cells + (set * CounterRegion.CellsPerSet); cell < parts.Cells + ((set + 1) * CounterRegion.CellsPerSet); cell++)
            {
                if (!HasSlots(cell, shift))
                {
                    continue;
                }

                // Under the lock: whoever rewrites a cell puts back the word that it had.
                var key = new CounterKey(set, 0);
                region.Lock(in key);
                while (HasSlots(cell, shift))
                {
                    var word = Volatile.Read(ref cell->Word);
                    Interlocked.CompareExchange(ref cell->Word, UsageWord.WithoutSlots(word, shift), word);
                }

                region.Unlock(in key);
            }
        }
    }

    private static bool HasSlots(Cell* cell, int shift) =>
        CellMeta.KindOf(Volatile.Read(ref cell->Meta)) == CellKind.Concurrency && UsageWord.Slots(Volatile.Read(ref cell->Word), shift) != 0;

    /// <summary>Whether every cell that holds a key could be forgotten without a difference.</summary>
    public static bool IsIdle(in RegionParts parts, GenerationRegistry generations, long nanoseconds)
    {
        for (var cell = parts.Cells; cell < parts.Cells + (parts.Sets * CounterRegion.CellsPerSet); cell++)
        {
            if ((cell->KeyLow != 0 || cell->KeyHigh != 0) && !CellState.EqualsAbsent(cell->Word, cell->Meta, generations, nanoseconds))
            {
                return false;
            }
        }

        return true;
    }
}
