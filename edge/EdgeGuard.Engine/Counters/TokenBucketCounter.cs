using System.Runtime.CompilerServices;

namespace EdgeGuard.Engine.Counters;

/// <summary>
/// Token buckets in a counter table. The check reads one cell; the take is one compare-and-swap on its word. Everything else (a key
/// without a cell, numbers that changed, a cell not touched for an epoch) goes the slow way under the lock of the key's set.
/// </summary>
/// <remarks>Unsafe because it works on cells in place.</remarks>
internal static unsafe class TokenBucketCounter
{
    /// <summary>Compare-and-swap attempts on one cell; each failure means that another request succeeded. Beyond it the request is refused.</summary>
    private const int MaxAttempts = 4096;

    /// <summary>Reads how much is missing from the bucket into the reservation; takes nothing.</summary>
    /// <param name="table">Where it is counted.</param>
    /// <param name="limit">By which numbers.</param>
    /// <param name="key">The reservation's key, which is also in registers where it has just been hashed.</param>
    /// <param name="reservation">Names the counter and the time.</param>
    /// <param name="nanoseconds">Now.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(CounterTable table, in BucketLimit limit, CounterKey key, ref Reservation reservation, long nanoseconds)
    {
        var cell = table.Main.Find(key);
        if (cell != null)
        {
            var word = Volatile.Read(ref cell->Word);
            if (word != Cell.Busy && Holds(cell, key, reservation.Meta))
            {
                reservation.Cell = cell;
                reservation.Word = word;
                reservation.Deficit = BucketWord.DeficitAt(word, reservation.Clock, limit.Scale.RestartMask);
                return;
            }
        }

        CheckSlow(table, in limit, ref reservation, nanoseconds);
    }

    /// <summary>Takes the cost, or nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TakeResult Take(CounterTable table, in BucketLimit limit, ref Reservation reservation, long nanoseconds)
    {
        // What is numbered has its number given out under the lock.
        var cell = reservation.Cell;
        if (cell != null && reservation.Deficit + reservation.Cost <= reservation.Capacity && !limit.Scale.IsNumbered)
        {
            var next = BucketWord.AfterTake(
                reservation.Word, reservation.Deficit, reservation.Clock, reservation.Cost, reservation.Word + 1, BucketWord.PlainMask);
            if (Interlocked.CompareExchange(ref cell->Word, next, reservation.Word) == reservation.Word && Holds(cell, reservation.Key, reservation.Meta))
            {
                reservation.Word = next;
                return TakeResult.Taken;
            }
        }

        return TakeSlow(table, in limit, ref reservation, nanoseconds);
    }

    /// <summary>
    /// Gives back a part of what a take took, unless the bucket has been full since, when there is nothing left to give.
    /// </summary>
    /// <param name="table">Where it was taken.</param>
    /// <param name="limit">By which numbers.</param>
    /// <param name="reservation">As the take left it.</param>
    /// <param name="units">How much; at most the cost.</param>
    /// <param name="nanoseconds">Now.</param>
    public static void GiveBack(CounterTable table, in BucketLimit limit, ref Reservation reservation, ulong units, long nanoseconds)
    {
        var cell = reservation.Cell;
        var mask = limit.Scale.RestartMask;

        // Two bits cannot tell beginnings apart for long. But a plain bucket cannot have been full before what was missing after the take has
        // refilled, unless others gave back besides; later nothing is given, which is against the client by no more than it took.
        if (!limit.Scale.IsNumbered && BucketWord.DeficitAt(reservation.Word, limit.Scale.ClockAt(nanoseconds), mask) == 0)
        {
            return;
        }

        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var word = Volatile.Read(ref cell->Word);
            if (word == Cell.Busy)
            {
                var region = reservation.InOverflow ? table.Overflow : table.Main;
                region.Lock(in reservation.Key);
                region.Unlock(in reservation.Key);
                continue;
            }

            if (!IsOf(cell, in reservation)
                || ((word ^ reservation.Word) & mask) != 0
                || (limit.Scale.IsNumbered && table.Beginnings.MayBeLater(in reservation.Key, word, mask, reservation.Beginning)))
            {
                return;
            }

            var back = word - (units << 2);
            if (Interlocked.CompareExchange(ref cell->Word, back == Cell.Busy ? 0 : back, word) == word)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Charges what a request used beyond what it took, even into debt: the bucket then refills from below empty. Debt ends at
    /// <see cref="BucketScale.Debt"/>. Nothing is charged to a counter that was forgotten meanwhile: it had been full.
    /// </summary>
    public static void Charge(CounterTable table, in BucketLimit limit, ref Reservation reservation, ulong units, long nanoseconds)
    {
        var region = reservation.InOverflow ? table.Overflow : table.Main;
        var key = reservation.Key;
        reservation.Meta = CellMeta.WithEpoch(limit.Meta, CellMeta.EpochAt(nanoseconds));
        reservation.Clock = limit.Scale.ClockAt(nanoseconds);
        region.Lock(in key);
        try
        {
            var cell = region.Find(key);
            if (cell == null)
            {
                cell = region.TryClaim(in key, reservation.Meta, nanoseconds, out var previous);
                if (cell != null)
                {
                    var beginning = NextBeginning(table, in limit, in key, previous);
                    region.Publish(
                        cell,
                        in key,
                        reservation.Meta,
                        BucketWord.Compose(reservation.Clock + Math.Min(units, limit.Scale.Debt), beginning, limit.Scale.RestartMask));
                }

                return;
            }

            if (!Refresh(table, cell, in limit, ref reservation, nanoseconds))
            {
                return;
            }

            for (var attempt = 0; attempt < MaxAttempts; attempt++)
            {
                var word = Volatile.Read(ref cell->Word);
                var deficit = BucketWord.DeficitAt(word, reservation.Clock, limit.Scale.RestartMask);
                var charge = Math.Min(units, limit.Scale.Debt - Math.Min(deficit, limit.Scale.Debt));
                var beginning = deficit == 0 ? NextBeginning(table, in limit, in key, word) : 0;
                var next = BucketWord.AfterTake(word, deficit, reservation.Clock, charge, beginning, limit.Scale.RestartMask);
                if (Interlocked.CompareExchange(ref cell->Word, next, word) == word)
                {
                    return;
                }
            }
        }
        finally
        {
            region.Unlock(in key);
        }
    }

    // Key, kind, generation and epoch are all what the request expects. Read after the word: they are written before it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Holds(Cell* cell, CounterKey key, ulong meta) =>
        cell->KeyLow == key.Low && cell->KeyHigh == key.High && Volatile.Read(ref cell->Meta) == meta;

    // As above in any epoch: a cell that was touched in a later one still owes what was taken, and its restart count tells if it does not.
    private static bool IsOf(Cell* cell, in Reservation reservation) =>
        cell->KeyLow == reservation.Key.Low && cell->KeyHigh == reservation.Key.High
        && CellMeta.WithEpoch(Volatile.Read(ref cell->Meta), 0) == CellMeta.WithEpoch(reservation.Meta, 0);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CheckSlow(CounterTable table, in BucketLimit limit, ref Reservation reservation, long nanoseconds)
    {
        reservation.Cell = null;
        if (table.Main.Find(reservation.Key) == null && !table.Main.HasOverflowed(in reservation.Key, in limit.OverflowKey))
        {
            reservation.Deficit = 0;
            return;
        }

        var key = reservation.Key;
        table.Main.Lock(in key);
        var cell = table.Main.Find(key);
        if (cell == null)
        {
            reservation.Deficit = OverflowDeficit(table, in limit, in reservation, nanoseconds);
        }
        else
        {
            // Rescaled even if the request is refused in the end: from now on the bucket refills at its new rate.
            var refreshed = Refresh(table, cell, in limit, ref reservation, nanoseconds);
            reservation.Cell = cell;
            reservation.Word = Volatile.Read(ref cell->Word);
            reservation.Deficit = refreshed ? BucketWord.DeficitAt(reservation.Word, reservation.Clock, limit.Scale.RestartMask) : limit.Scale.Debt;
        }

        table.Main.Unlock(in key);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TakeResult TakeSlow(CounterTable table, in BucketLimit limit, ref Reservation reservation, long nanoseconds)
    {
        var key = reservation.Key;
        table.Main.Lock(in key);
        try
        {
            var cell = table.Main.Find(key);
            if (cell != null)
            {
                return TakeLocked(table, cell, in limit, ref reservation, nanoseconds);
            }

            // What newcomers of this rule have had from the overflow counter counts against the cell that one of them gets now.
            var deficit = OverflowDeficit(table, in limit, in reservation, nanoseconds);
            reservation.Deficit = deficit;
            if (deficit + reservation.Cost > reservation.Capacity)
            {
                return TakeResult.Exceeded;
            }

            cell = table.Main.TryClaim(in key, reservation.Meta, nanoseconds, out var previous);
            if (cell == null)
            {
                table.Main.MarkOverflowed(in key, in limit.OverflowKey);
                return TakeOverflow(table, in limit, ref reservation, nanoseconds);
            }

            Begin(table, table.Main, cell, in limit, ref reservation, previous);
            return TakeResult.Taken;
        }
        finally
        {
            table.Main.Unlock(in key);
        }
    }

    private static TakeResult TakeOverflow(CounterTable table, in BucketLimit limit, ref Reservation reservation, long nanoseconds)
    {
        reservation.Key = OverflowKeyOf(in limit, in reservation);
        reservation.InOverflow = true;
        table.Overflow.Lock(in reservation.Key);
        try
        {
            var cell = table.Overflow.Find(reservation.Key);
            if (cell != null)
            {
                return TakeLocked(table, cell, in limit, ref reservation, nanoseconds);
            }

            cell = table.Overflow.TryClaim(in reservation.Key, reservation.Meta, nanoseconds, out var previous);
            if (cell == null)
            {
                return TakeResult.Full;
            }

            reservation.Deficit = 0;
            Begin(table, table.Overflow, cell, in limit, ref reservation, previous);
            return TakeResult.Taken;
        }
        finally
        {
            table.Overflow.Unlock(in reservation.Key);
        }
    }

    private static void Begin(
        CounterTable table, CounterRegion region, Cell* cell, in BucketLimit limit, ref Reservation reservation, ulong previous)
    {
        var beginning = NextBeginning(table, in limit, in reservation.Key, previous);
        reservation.Beginning = (long)beginning;
        var word = BucketWord.Compose(reservation.Clock + reservation.Deficit + reservation.Cost, beginning, limit.Scale.RestartMask);
        region.Publish(cell, in reservation.Key, reservation.Meta, word);
        reservation.Cell = cell;
        reservation.Word = word;
    }

    // Takes from a cell that holds the key, under its set's lock: nobody else can claim or rescale it, others may still take.
    private static TakeResult TakeLocked(
        CounterTable table, Cell* cell, in BucketLimit limit, ref Reservation reservation, long nanoseconds)
    {
        reservation.Cell = cell;
        if (!Refresh(table, cell, in limit, ref reservation, nanoseconds))
        {
            return TakeResult.Exceeded;
        }

        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var word = Volatile.Read(ref cell->Word);
            var deficit = BucketWord.DeficitAt(word, reservation.Clock, limit.Scale.RestartMask);
            reservation.Deficit = deficit;
            if (deficit + reservation.Cost > reservation.Capacity)
            {
                return TakeResult.Exceeded;
            }

            // Before the take: whoever finds the bucket full after it has a later number.
            var last = limit.Scale.IsNumbered ? table.Beginnings.Last(in reservation.Key) : 0;
            var beginning = deficit == 0 ? NextBeginning(table, in limit, in reservation.Key, word) : 0;
            reservation.Beginning = deficit == 0 ? (long)beginning : last;
            var next = BucketWord.AfterTake(word, deficit, reservation.Clock, reservation.Cost, beginning, limit.Scale.RestartMask);
            if (Interlocked.CompareExchange(ref cell->Word, next, word) == word)
            {
                reservation.Word = next;
                return TakeResult.Taken;
            }
        }

        return TakeResult.Exceeded;
    }

    // Brings a cell's metadata up to this request's generation and epoch. The word is busy meanwhile, so nobody reads the one by the other.
    // False when other requests took from the cell at every attempt.
    private static bool Refresh(
        CounterTable table, Cell* cell, in BucketLimit limit, ref Reservation reservation, long nanoseconds)
    {
        var meta = cell->Meta;
        if (meta == reservation.Meta)
        {
            return true;
        }

        var sameNumbers = CellMeta.WithEpoch(meta, 0) == limit.Meta;
        if (sameNumbers && (long)(CellMeta.EpochOf(meta) - CellMeta.EpochOf(reservation.Meta)) > 0)
        {
            // Another request read its clock later than this one and has refreshed the cell already.
            reservation.Meta = meta;
            return true;
        }

        if (!table.Journal.TryBegin(cell, MaxAttempts, out var entry, out var word))
        {
            return false;
        }

        // Never at an earlier time than a conversion before it: between two requests that read their clocks in one order and convert in the
        // other, to and fro between a slow rate and a fast one, the time between them would refill the bucket once more at each turn.
        var at = sameNumbers ? nanoseconds : table.Latest(nanoseconds);
        var clock = sameNumbers ? reservation.Clock : limit.Scale.ClockAt(at);
        var deficit = DeficitOf(table, cell, word, in limit, in reservation, at);
        (reservation.InOverflow ? table.Overflow : table.Main).ChangeMeta(cell, reservation.Meta);

        // With changed numbers a pending give-back is in the wrong units: the restart count tells it so.
        var beginning = sameNumbers && deficit > 0 ? word : NextBeginning(table, in limit, in reservation.Key, word);
        Volatile.Write(ref cell->Word, BucketWord.Compose(clock + deficit, beginning, limit.Scale.RestartMask));
        table.Journal.End(entry);
        return true;
    }

    private static ulong OverflowDeficit(CounterTable table, in BucketLimit limit, in Reservation reservation, long nanoseconds)
    {
        if (!table.Main.HasOverflowed(in reservation.Key, in limit.OverflowKey))
        {
            return 0;
        }

        var key = OverflowKeyOf(in limit, in reservation);
        table.Overflow.Lock(in key);
        var cell = table.Overflow.Find(key);
        var deficit = cell == null ? 0 : DeficitOf(table, cell, Volatile.Read(ref cell->Word), in limit, in reservation, nanoseconds);
        table.Overflow.Unlock(in key);
        return deficit;
    }

    // Under the set's lock: what a word means in this rule's present numbers.
    private static ulong DeficitOf(
        CounterTable table, Cell* cell, ulong word, in BucketLimit limit, in Reservation reservation, long nanoseconds)
    {
        var meta = cell->Meta;
        if (CellMeta.WithEpoch(meta, 0) == limit.Meta)
        {
            return BucketWord.Deficit(word, meta, in limit.Scale, nanoseconds);
        }

        // Numbers that are not known any more: nothing is left, which can only refuse.
        if (!BucketHistory.TryRead(table.Generations, word, meta, nanoseconds, out var left, out var scale, out var generation))
        {
            return limit.Scale.Burst;
        }

        // A limit that is not in force yet, or by now an older one than the cell's, only takes over what is left.
        var own = CellMeta.GenerationOf(limit.Meta);
        if (generation != own)
        {
            left = limit.Scale.Rescale(left, in scale);
            left = Math.Min(left, BucketHistory.LeftBy(table.Generations, word, meta, nanoseconds, own));
        }

        // A bucket in debt has less than nothing left.
        return limit.Scale.Whole((ulong)Math.Min((long)limit.Scale.Burst - left, (long)limit.Scale.Debt));
    }

    private static ulong NextBeginning(CounterTable table, in BucketLimit limit, in CounterKey key, ulong word) =>
        limit.Scale.IsNumbered ? (ulong)table.Beginnings.Next(in key) : word + 1;

    private static CounterKey OverflowKeyOf(in BucketLimit limit, in Reservation reservation) =>
        reservation.Shadow ? limit.OverflowKey.ForShadow() : limit.OverflowKey;
}
