namespace EdgeGuard.Engine.Counters;

/// <summary>Requests in flight. A cost is a number of slots, mostly 1; a count of zero may be forgotten at any time.</summary>
/// <remarks>
/// A name that gets a cell while its rule's newcomers share the overflow counter may have been one of them. So the cell is marked and counts
/// what they have in flight as well, until that is nothing. Two processes that share a table count apart in one word, so that what one of them
/// held can be taken off when it has died.
/// </remarks>
internal static class ConcurrencyCounter
{
    /// <summary>Reads how many are in flight into the reservation; takes nothing.</summary>
    public static void Check(CounterTable table, ConcurrencyLimit limit, ref Reservation reservation)
    {
        var name = NameOf(table, limit, in reservation);
        UsageCounter.Check(table, in name, ref reservation);
    }

    /// <summary>Takes the slots, or none. What was taken is to be released exactly once.</summary>
    public static TakeResult Take(CounterTable table, ConcurrencyLimit limit, ref Reservation reservation, long nanoseconds)
    {
        reservation.Clock = table.Resets;
        var name = NameOf(table, limit, in reservation);
        return UsageCounter.TryTake(in name, ref reservation)
            ? TakeResult.Taken
            : UsageCounter.TakeSlow(table, in name, 0, ref reservation, nanoseconds);
    }

    /// <summary>Releases the slots that were taken. Does nothing if the counters were reset since.</summary>
    public static void Release(CounterTable table, ConcurrencyLimit limit, ref Reservation reservation)
    {
        if (reservation.Clock != table.Resets)
        {
            return;
        }

        var name = NameOf(table, limit, in reservation);
        UsageCounter.GiveBack(table, in name, ref reservation, reservation.Cost);
    }

    private static UsageName NameOf(CounterTable table, ConcurrencyLimit limit, in Reservation reservation) =>
        UsageName.Of(in reservation.Key, limit.OverflowKey, reservation.Shadow, limit.Meta, table.SlotShift);
}
