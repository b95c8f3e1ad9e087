namespace EdgeGuard.Engine.Counters;

/// <summary>
/// Spend of one minute, in micro-units. The minute is the one that ended a minute before the cell expires: the next one reads it too.
/// </summary>
/// <param name="minute">The request's minute since the Unix epoch.</param>
/// <param name="carried">What of the minute before counts now.</param>
/// <param name="cost">What the request spends.</param>
/// <param name="capacity">What all of it may come to.</param>
/// <param name="refund">Whether the cost is given back.</param>
internal struct BreakerSpendStep(long minute, ulong carried, ulong cost, ulong capacity, bool refund) : ICellStep
{
    private const long SecondsPerMinute = 60;

    /// <summary>The rate before this request.</summary>
    public ulong Before { get; private set; }

    public bool TryNext(ulong word, long expiry, out ulong next, out long nextExpiry)
    {
        // A request whose clock is a little behind may find the next minute but one begun in the same cell: it counts there.
        nextExpiry = Math.Max(expiry, ExpiryOf(minute));
        var spent = expiry == nextExpiry ? word : 0;
        if (refund)
        {
            next = spent - Math.Min(spent, cost);
            return expiry == ExpiryOf(minute);
        }

        Before = carried + spent;
        next = spent + cost;
        return Before <= capacity && cost <= capacity - Before;
    }

    /// <summary>Unix second from which a minute's spend counts for nothing.</summary>
    public static long ExpiryOf(long minute) => (minute + 2) * SecondsPerMinute;
}
