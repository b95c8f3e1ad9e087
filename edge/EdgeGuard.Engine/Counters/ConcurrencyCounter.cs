namespace EdgeGuard.Engine.Counters;

/// <summary>Requests in flight. A cost is a number of slots, mostly 1; a count of zero may be forgotten at any time.</summary>
/// <remarks>
/// A name that has a cell counts what its rule's newcomers have in flight as well, as long as its set has ever sent any of them to the
/// overflow counter: it may have been one. Their slots are not copied into the cell, since nobody would take them off there.
/// Unsafe only because a reservation holds a pointer to its cell.
/// </remarks>
internal static unsafe class ConcurrencyCounter
{
    /// <summary>Reads how many are in flight into the reservation; takes nothing.</summary>
    public static void Check(CounterTable table, ConcurrencyLimit limit, ref Reservation reservation)
    {
        var name = NameOf(limit, in reservation);
        UsageCounter.Check(table, in name, ref reservation);
        if (reservation.Cell != null)
        {
            reservation.Deficit = UsageCounter.Sum(reservation.Deficit, UsageCounter.OverflowAmount(table, in name));
        }
    }

    /// <summary>Takes the slots, or none. What was taken is to be released exactly once.</summary>
    public static TakeResult Take(CounterTable table, ConcurrencyLimit limit, ref Reservation reservation, long nanoseconds)
    {
        reservation.Clock = table.Resets;
        var name = NameOf(limit, in reservation);
        return UsageCounter.TryTake(in name, ref reservation)
            ? TakeResult.Taken
            : UsageCounter.TakeSlow(table, in name, 0, inherit: false, ref reservation, nanoseconds);
    }

    /// <summary>Releases the slots that were taken. Does nothing if the counters were reset since.</summary>
    public static void Release(CounterTable table, ConcurrencyLimit limit, ref Reservation reservation)
    {
        if (reservation.Clock != table.Resets)
        {
            return;
        }

        var name = NameOf(limit, in reservation);
        UsageCounter.GiveBack(table, in name, ref reservation, reservation.Cost);
    }

    private static UsageName NameOf(ConcurrencyLimit limit, in Reservation reservation) =>
        UsageName.Of(in reservation.Key, limit.OverflowKey, reservation.Shadow, limit.Meta);
}
