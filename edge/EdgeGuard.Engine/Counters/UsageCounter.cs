using System.Runtime.CompilerServices;

namespace EdgeGuard.Engine.Counters;

/// <summary>
/// Amounts in cells, as windows, parts of windows and requests in flight use them: added by a take, taken off when given back. The take
/// is one compare-and-swap; a name without a cell, or with one of another generation, goes the slow way under the lock of its set.
/// </summary>
/// <remarks>Unsafe because it works on cells in place.</remarks>
internal static unsafe class UsageCounter
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>
    /// In the place of an expiry, which counts of requests in flight have none of: when the cell was claimed its limit's newcomers had
    /// requests in flight, and this name's may be among them.
    /// </summary>
    private const long ConcurrencyMark = 1;

    /// <summary>Reads cell, word and amount of a name into the reservation; takes nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(CounterTable table, in UsageName name, ref Reservation reservation)
    {
        reservation.Meta = name.Meta;
        reservation.InOverflow = false;
        var cell = table.Main.Find(name.Key);
        if (cell != null)
        {
            var word = Volatile.Read(ref cell->Word);
            if (word != Cell.Busy && UsageCell.Holds(cell, in name.Key) && cell->Meta == name.Meta)
            {
                reservation.Cell = cell;
                reservation.Word = word;
                reservation.Deficit = UsageWord.Amount(word, name.Meta);
                return;
            }
        }

        CheckSlow(table, in name, ref reservation);
    }

    /// <summary>The amount under a name: that of its cell, or else what its rule's newcomers have had if it may be one of them.</summary>
    public static ulong Read(CounterTable table, in UsageName name)
    {
        if (UsageCell.TryRead(table.Main, in name.Key, name.Meta, out var amount) || !table.Main.HasOverflowed(in name.Key, name.Meta))
        {
            return amount;
        }

        UsageCell.TryRead(table.Overflow, in name.OverflowKey, name.Meta, out amount);
        return amount;
    }

    /// <summary>The take as far as it needs no lock; false says nothing but that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryTake(in UsageName name, ref Reservation reservation)
    {
        var cell = reservation.Cell;
        if (cell != null && Fits(in reservation, name.Meta))
        {
            var next = UsageWord.Plus(reservation.Word, reservation.Cost, name.Shift);
            if (Interlocked.CompareExchange(ref cell->Word, next, reservation.Word) == reservation.Word && UsageCell.Holds(cell, in name.Key))
            {
                reservation.Word = next;
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes the cost, or nothing, whatever <see cref="Check"/> found.</summary>
    /// <param name="table">The counters.</param>
    /// <param name="name">Where to count.</param>
    /// <param name="others">What counts against the capacity besides this cell.</param>
    /// <param name="reservation">The request.</param>
    /// <param name="nanoseconds">Now.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static TakeResult TakeSlow(
        CounterTable table, in UsageName name, ulong others, ref Reservation reservation, long nanoseconds)
    {
        table.Main.Lock(in name.Key);
        try
        {
            var cell = table.Main.Find(name.Key);
            if (cell != null)
            {
                return TakeLocked(table, table.Main, cell, in name, Sum(others, Besides(table, cell, in name)), ref reservation);
            }

            var newcomers = OverflowAmount(table, in name);

            // What newcomers of this rule have had from the overflow counter counts against the cell that one of them gets now.
            reservation.Cell = null;
            reservation.Deficit = Sum(others, newcomers);
            if (!Fits(in reservation, name.Meta) || IsPast(table, name.Meta))
            {
                return TakeResult.Exceeded;
            }

            cell = table.Main.TryClaim(in name.Key, name.Meta, nanoseconds, out var previous);
            if (cell == null)
            {
                table.Main.MarkOverflowed(in name.Key, name.Meta);
                return TakeOverflow(table, in name, others, ref reservation, nanoseconds);
            }

            if (CellMeta.KindOf(name.Meta) == CellKind.Concurrency)
            {
                // Slots are not copied, since nobody would take them off the copy: the cell is marked instead.
                reservation.Meta = CellMeta.WithExpiry(name.Meta, newcomers > 0 ? ConcurrencyMark : 0);
                newcomers = 0;
            }

            Publish(table.Main, cell, in name.Key, newcomers, previous, name.Shift, ref reservation);
            return TakeResult.Taken;
        }
        finally
        {
            table.Main.Unlock(in name.Key);
        }
    }

    /// <summary>Takes an amount off again, unless the cell is another's now.</summary>
    public static void GiveBack(CounterTable table, in UsageName name, ref Reservation reservation, ulong units)
    {
        var cell = reservation.Cell;
        var inOverflow = reservation.InOverflow;
        var key = inOverflow ? name.OverflowKey : name.Key;
        for (var attempt = 0; attempt < UsageCell.MaxAttempts; attempt++)
        {
            var word = Volatile.Read(ref cell->Word);
            if (word == Cell.Busy)
            {
                var region = inOverflow ? table.Overflow : table.Main;
                region.Lock(in key);
                region.Unlock(in key);
                continue;
            }

            if (!UsageCell.Holds(cell, in key) || !UsageWord.SameClaim(word, reservation.Word))
            {
                return;
            }

            if (Interlocked.CompareExchange(ref cell->Word, UsageWord.Minus(word, units, name.Meta, name.Shift), word) == word)
            {
                return;
            }
        }
    }

    /// <summary>What the rule's newcomers have had, if the name may be one of them.</summary>
    public static ulong OverflowAmount(CounterTable table, in UsageName name)
    {
        if (!table.Main.HasOverflowed(in name.Key, name.Meta))
        {
            return 0;
        }

        UsageCell.TryRead(table.Overflow, in name.OverflowKey, name.Meta, out var amount);
        return amount;
    }

    /// <summary>Whether the main region has a cell of a name.</summary>
    public static bool Exists(CounterTable table, in UsageName name) => table.Main.Find(name.Key) != null;

    /// <summary>Adds an amount whatever the capacity.</summary>
    /// <param name="table">The counters.</param>
    /// <param name="name">Where to count.</param>
    /// <param name="inOverflow">Whether the take was charged to the overflow counter; a cell that the name got meanwhile is charged too.</param>
    /// <param name="units">How much.</param>
    /// <param name="nanoseconds">Now.</param>
    public static void Charge(CounterTable table, in UsageName name, bool inOverflow, ulong units, long nanoseconds)
    {
        table.Main.Lock(in name.Key);
        try
        {
            var cell = table.Main.Find(name.Key);
            if (cell != null)
            {
                UsageCell.Add(cell, units);
                if (!inOverflow)
                {
                    return;
                }
            }
            else if (!inOverflow && !IsPast(table, name.Meta))
            {
                var inherited = OverflowAmount(table, in name);
                cell = table.Main.TryClaim(in name.Key, name.Meta, nanoseconds, out var previous);
                if (cell != null)
                {
                    table.Main.Publish(cell, in name.Key, name.Meta, UsageWord.Claimed(Sum(inherited, units), previous));
                    return;
                }

                table.Main.MarkOverflowed(in name.Key, name.Meta);
            }

            ChargeOverflow(table, in name, units, nanoseconds);
        }
        finally
        {
            table.Main.Unlock(in name.Key);
        }
    }

    /// <summary>A sum that ends at the largest amount.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Sum(ulong a, ulong b) => a >= UsageWord.MaxAmount || b >= UsageWord.MaxAmount - a ? UsageWord.MaxAmount : a + b;

    // What counts against the capacity and the cost together. Subtracted rather than added, so that nothing can overflow.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Fits(in Reservation reservation, ulong meta)
    {
        var most = CellMeta.KindOf(meta) == CellKind.Concurrency ? UsageWord.MaxSlots : UsageWord.MaxAmount;
        var capacity = Math.Min(reservation.Capacity, most);
        return reservation.Deficit <= capacity && reservation.Cost <= capacity - reservation.Deficit;
    }

    // Under the set's lock: what counts beside a cell of requests in flight. The mark goes when the newcomers have nothing in flight: a name
    // that has a cell cannot send another request to the overflow counter. So those who never were newcomers do not pay for them.
    private static ulong Besides(CounterTable table, Cell* cell, in UsageName name)
    {
        if (CellMeta.KindOf(name.Meta) != CellKind.Concurrency || CellMeta.ExpiryOf(cell->Meta) == 0)
        {
            return 0;
        }

        var newcomers = OverflowAmount(table, in name);
        if (newcomers == 0)
        {
            UsageCell.Rewrite(table, table.Main, cell, name.Meta);
        }

        return newcomers;
    }

    // Cells that had expired by then may have been given to others. A request that read its clock long ago must not begin such a window anew.
    private static bool IsPast(CounterTable table, ulong meta)
    {
        var expiry = CellMeta.ExpiryOf(meta);
        return expiry != 0 && table.Present / NanosecondsPerSecond >= expiry;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CheckSlow(CounterTable table, in UsageName name, ref Reservation reservation)
    {
        reservation.Cell = null;
        reservation.Deficit = 0;
        if (table.Main.Find(name.Key) == null && !table.Main.HasOverflowed(in name.Key, name.Meta))
        {
            return;
        }

        table.Main.Lock(in name.Key);
        var cell = table.Main.Find(name.Key);
        if (cell == null)
        {
            reservation.Deficit = OverflowAmount(table, in name);
        }
        else
        {
            UsageCell.Refresh(table, table.Main, cell, name.Meta);
            reservation.Cell = cell;
            reservation.Word = Volatile.Read(ref cell->Word);
            reservation.Deficit = Sum(UsageWord.Amount(reservation.Word, name.Meta), Besides(table, cell, in name));
        }

        table.Main.Unlock(in name.Key);
    }

    private static TakeResult TakeOverflow(
        CounterTable table, in UsageName name, ulong others, ref Reservation reservation, long nanoseconds)
    {
        table.Overflow.Lock(in name.OverflowKey);
        try
        {
            var cell = table.Overflow.Find(name.OverflowKey);
            if (cell == null)
            {
                // The reservation's deficit is without what this counter had, which is nothing.
                cell = table.Overflow.TryClaim(in name.OverflowKey, name.Meta, nanoseconds, out var previous);
                if (cell == null)
                {
                    return TakeResult.Full;
                }

                Publish(table.Overflow, cell, in name.OverflowKey, 0, previous, name.Shift, ref reservation);
                reservation.InOverflow = true;
                return TakeResult.Taken;
            }

            var result = TakeLocked(table, table.Overflow, cell, in name, others, ref reservation);
            reservation.InOverflow = result == TakeResult.Taken;
            return result;
        }
        finally
        {
            table.Overflow.Unlock(in name.OverflowKey);
        }
    }

    // Under the set's lock: nobody else can claim the cell or change its metadata, others may still take from it.
    private static TakeResult TakeLocked(
        CounterTable table, CounterRegion region, Cell* cell, in UsageName name, ulong others, ref Reservation reservation)
    {
        UsageCell.Refresh(table, region, cell, name.Meta);
        reservation.Cell = cell;
        for (var attempt = 0; attempt < UsageCell.MaxAttempts; attempt++)
        {
            var word = Volatile.Read(ref cell->Word);
            reservation.Deficit = Sum(others, UsageWord.Amount(word, name.Meta));
            if (!Fits(in reservation, name.Meta))
            {
                return TakeResult.Exceeded;
            }

            var next = UsageWord.Plus(word, reservation.Cost, name.Shift);
            if (Interlocked.CompareExchange(ref cell->Word, next, word) == word)
            {
                reservation.Word = next;
                return TakeResult.Taken;
            }
        }

        return TakeResult.Exceeded;
    }

    private static void Publish(
        CounterRegion region, Cell* cell, in CounterKey key, ulong inherited, ulong previous, int shift, ref Reservation reservation)
    {
        var word = UsageWord.Claimed(inherited + reservation.Cost, previous, shift);
        region.Publish(cell, in key, reservation.Meta, word);
        reservation.Cell = cell;
        reservation.Word = word;
    }

    private static void ChargeOverflow(CounterTable table, in UsageName name, ulong units, long nanoseconds)
    {
        table.Overflow.Lock(in name.OverflowKey);
        try
        {
            var cell = table.Overflow.Find(name.OverflowKey);
            if (cell != null)
            {
                UsageCell.Add(cell, units);
                return;
            }

            if (IsPast(table, name.Meta))
            {
                return;
            }

            cell = table.Overflow.TryClaim(in name.OverflowKey, name.Meta, nanoseconds, out var previous);
            if (cell != null)
            {
                var amount = Math.Min(units, UsageWord.MaxAmount);
                table.Overflow.Publish(cell, in name.OverflowKey, name.Meta, UsageWord.Claimed(amount, previous));
            }
        }
        finally
        {
            table.Overflow.Unlock(in name.OverflowKey);
        }
    }
}
