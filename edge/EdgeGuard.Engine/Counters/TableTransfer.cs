namespace EdgeGuard.Engine.Counters;

/// <summary>Carries the counters of one table over into a new one of another size. Unsafe because both are mapped files.</summary>
internal static unsafe class TableTransfer
{
    /// <summary>Copies all that is alive; false when something does not fit.</summary>
    public static bool TryRun(CounterTable source, CounterTable target, long nanoseconds)
    {
        if (source.Seed != target.Seed || target.Occupied != 0)
        {
            return false;
        }

        var map = new int[source.Layout.Generations];
        for (var index = 1; index < map.Length; index++)
        {
            if (source.Generations.PreviousOf(index) == GenerationRegistry.Unknown && source.Generations.OwnerOf(index) != 0
                && !TryAdoptLine(source, target, index, map))
            {
                return false;
            }
        }

        if (!TryCopy(source, source.MainParts, target, target.MainParts, map, nanoseconds)
            || !TryCopy(source, source.OverflowParts, target, target.OverflowParts, map, nanoseconds))
        {
            return false;
        }

        CopyMarks(source.MainParts, target.MainParts);
        target.NoteTime(source.HighWater);
        if (source.ReadClock() is { } line)
        {
            target.WriteClock(line);
        }

        return true;
    }

    // All generations of one owner, oldest first: the target links them in the order in which they come.
    private static bool TryAdoptLine(CounterTable source, CounterTable target, int oldest, int[] map)
    {
        for (var index = oldest; index != GenerationRegistry.Unknown; index = source.Generations.NextOf(index))
        {
            map[index] = target.Generations.Adopt(source.Generations, index);
            if (map[index] == GenerationRegistry.Unknown)
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryCopy(
        CounterTable source, in RegionParts from, CounterTable target, in RegionParts to, int[] map, long nanoseconds)
    {
        var region = to.Sets == target.MainParts.Sets && to.Cells == target.MainParts.Cells ? target.Main : target.Overflow;
        for (var cell = from.Cells; cell < from.Cells + (from.Sets * CounterRegion.CellsPerSet); cell++)
        {
            if ((cell->KeyLow == 0 && cell->KeyHigh == 0) || CellState.EqualsAbsent(cell->Word, cell->Meta, source.Generations, nanoseconds))
            {
                continue;
            }

            var place = FirstFree(to, cell->KeyLow);
            if (place == null)
            {
                return false;
            }

            region.Publish(
                place, new CounterKey(cell->KeyLow, cell->KeyHigh), CellMeta.WithGeneration(cell->Meta, map[CellMeta.GenerationOf(cell->Meta)]), cell->Word);
        }

        return true;
    }

    private static Cell* FirstFree(in RegionParts to, ulong keyLow)
    {
        var set = to.Cells + ((keyLow & (to.Sets - 1)) * CounterRegion.CellsPerSet);
        for (var cell = set; cell < set + CounterRegion.CellsPerSet; cell++)
        {
            if (cell->KeyLow == 0 && cell->KeyHigh == 0)
            {
                return cell;
            }
        }

        return null;
    }

    // Both counts are powers of two, and a set's lock is chosen by the lowest bits: each lock of one table covers whole locks of the other.
    private static void CopyMarks(in RegionParts from, in RegionParts to)
    {
        for (var i = 0; i < Math.Max(from.LockCount, to.LockCount); i++)
        {
            // Limits have other places in the new table, so each is taken for one that was sent away.
            if ((from.Locks[i & (from.LockCount - 1)] & CounterRegion.Overflowed) != 0)
            {
                to.Locks[i & (to.LockCount - 1)] |= CounterRegion.Overflowed;
            }
        }
    }
}
