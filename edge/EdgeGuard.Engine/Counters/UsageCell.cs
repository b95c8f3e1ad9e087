using System.Runtime.CompilerServices;

namespace EdgeGuard.Engine.Counters;

/// <summary>What is done with one cell that holds a <see cref="UsageWord"/>.</summary>
/// <remarks>Unsafe because it works on cells in place.</remarks>
internal static unsafe class UsageCell
{
    /// <summary>Compare-and-swap attempts on one cell; each failure means that another request succeeded.</summary>
    public const int MaxAttempts = 4096;

    /// <summary>Whether a cell has a key. Asked after the word was read: the key is only written while the word says busy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(Cell* cell, in CounterKey key) =>
        Volatile.Read(ref cell->KeyLow) == key.Low && Volatile.Read(ref cell->KeyHigh) == key.High;

    /// <summary>The amount of a key's cell, which is of a kind that metadata tell; false if it has none.</summary>
    public static bool TryRead(CounterRegion region, in CounterKey key, ulong meta, out ulong amount)
    {
        var cell = region.Find(key);
        if (cell == null)
        {
            amount = 0;
            return false;
        }

        var word = Volatile.Read(ref cell->Word);
        if (word != Cell.Busy && Holds(cell, in key))
        {
            // A word that was read just before the cell was claimed for this name is of another claim.
            var again = Volatile.Read(ref cell->Word);
            if (again != Cell.Busy && UsageWord.SameClaim(word, again))
            {
                amount = UsageWord.Amount(again, meta);
                return true;
            }
        }

        region.Lock(in key);
        cell = region.Find(key);
        amount = cell == null ? 0 : UsageWord.Amount(Volatile.Read(ref cell->Word), meta);
        region.Unlock(in key);
        return cell != null;
    }

    /// <summary>Adds an amount as far as it fits. Under the set's lock.</summary>
    public static void Add(Cell* cell, ulong units)
    {
        ulong word;
        var attempt = 0;
        do
        {
            word = Volatile.Read(ref cell->Word);
        }
        while (Interlocked.CompareExchange(ref cell->Word, UsageWord.PlusSaturated(word, units), word) != word && ++attempt < MaxAttempts);
    }

    /// <summary>
    /// Brings a cell's metadata up to a request's, under the set's lock. A later expiry stays, or the cell could be lost while it counts. If
    /// other requests took from the cell at every attempt it stays as it is, which the next request mends.
    /// </summary>
    public static void Refresh(CounterTable table, CounterRegion region, Cell* cell, ulong meta)
    {
        var old = cell->Meta;
        var next = CellMeta.WithExpiry(meta, Math.Max(CellMeta.ExpiryOf(old), CellMeta.ExpiryOf(meta)));
        if (old != next)
        {
            Rewrite(table, region, cell, next);
        }
    }

    /// <summary>Under the set's lock: gives a cell other metadata, if the word can be had.</summary>
    public static void Rewrite(CounterTable table, CounterRegion region, Cell* cell, ulong meta)
    {
        if (table.Journal.TryBegin(cell, MaxAttempts, out var entry, out var word))
        {
            region.ChangeMeta(cell, meta);
            Volatile.Write(ref cell->Word, word);
            table.Journal.End(entry);
        }
    }
}
