using System.Runtime.CompilerServices;

namespace EdgeGuard.Engine.Counters;

/// <summary>
/// Sliding windows, counted in k parts with the oldest counted whole: in use is what was taken in the present part and the k parts before
/// it, which together cover the window however it is placed. So it is never over, and under by at most what one part holds.
/// </summary>
/// <remarks>
/// The parts are cells of their own, and a take swaps only that of the present part; that the others hold still needs an argument. The
/// table keeps the latest time that is known to have passed. It is raised to the start of the present part before anything is summed,
/// nobody takes in a part before it, and whoever took looks at it again after the swap and gives back if it has left the part. Let A take in part p and B sum in a
/// later one without seeing A's amount. B's sum is after the raise, and as it read A's cell before A's swap, the raise is before A's swap
/// too; A's second look comes after the swap and finds it. Both the raise and the swap are interlocked operations, which are full fences,
/// so neither look can be moved before them. What remains is that B may count an amount that A then gives back: a false refusal, in a race
/// on the turn of a part. The same second look covers cells that were forgotten: a part's cell expires when no part that needs it can be
/// present any more, and whoever forgets one tells the table the time first.
/// </remarks>
internal static unsafe class SlidingWindowCounter
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>How often a take begins again because a part turned meanwhile; beyond it, it is refused.</summary>
    private const int MaxTurns = 4;

    /// <summary>Reads what is used of the window into the reservation; takes nothing.</summary>
    public static void Check(CounterTable table, WindowLimit limit, ref Reservation reservation, long nanoseconds)
    {
        // Before anything is read.
        var part = limit.Calendar.At(Math.Max(nanoseconds, table.Present));
        table.Pass(part.StartNanoseconds);
        reservation.Clock = (ulong)part.StartNanoseconds;
        var name = NameOf(limit, in reservation, 0);
        UsageCounter.Check(table, in name, ref reservation);
        reservation.Deficit = UsageCounter.Sum(reservation.Deficit, SumBefore(table, limit, in reservation));
    }

    /// <summary>Takes the cost, or nothing.</summary>
    public static TakeResult Take(CounterTable table, WindowLimit limit, ref Reservation reservation, long nanoseconds)
    {
        for (var turn = 0; turn < MaxTurns; turn++)
        {
            if (!IsPresent(table, limit, in reservation))
            {
                Check(table, limit, ref reservation, nanoseconds);
            }

            var name = NameOf(limit, in reservation, 0);
            if (!UsageCounter.TryTake(in name, ref reservation))
            {
                var result = UsageCounter.TakeSlow(
                    table, in name, SumBefore(table, limit, in reservation), ref reservation, nanoseconds);
                if (result != TakeResult.Taken)
                {
                    return result;
                }
            }

            if (IsPresent(table, limit, in reservation))
            {
                return TakeResult.Taken;
            }

            UsageCounter.GiveBack(table, in name, ref reservation, reservation.Cost);
        }

        return TakeResult.Exceeded;
    }

    /// <summary>Gives back some of what was taken, to the part that it was taken from.</summary>
    /// <param name="table">Where it was taken.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="reservation">As the take left it.</param>
    /// <param name="units">How much; at most what was taken and not yet given back.</param>
    public static void GiveBack(CounterTable table, WindowLimit limit, ref Reservation reservation, ulong units)
    {
        var name = NameOf(limit, in reservation, 0);
        UsageCounter.GiveBack(table, in name, ref reservation, units);
    }

    /// <summary>
    /// Charges what a request used beyond what it took, even beyond the limit: to the part that it took from if that is still there, and
    /// else to the present one.
    /// </summary>
    public static void Charge(CounterTable table, WindowLimit limit, ref Reservation reservation, ulong units, long nanoseconds)
    {
        var name = NameOf(limit, in reservation, 0);
        var inOverflow = reservation.InOverflow;
        if (!UsageCounter.Exists(table, in name))
        {
            var charged = reservation;
            charged.Clock = (ulong)limit.Calendar.At(Math.Max(nanoseconds, table.Present)).StartNanoseconds;
            name = NameOf(limit, in charged, 0);
            inOverflow &= charged.Clock == reservation.Clock;
        }

        UsageCounter.Charge(table, in name, inOverflow, units, nanoseconds);
    }

    /// <summary>
    /// Seconds after which a refused request would fit if nobody else came, rounded up, at least 1: when enough parts will have left. At
    /// most a window and a part; the window if it can never fit.
    /// </summary>
    public static int WaitSeconds(CounterTable table, WindowLimit limit, ref Reservation reservation, long nanoseconds)
    {
        var part = limit.PartNanoseconds;
        if (reservation.Cost > reservation.Capacity)
        {
            return Seconds(part * limit.Parts);
        }

        Check(table, limit, ref reservation, nanoseconds);
        var room = reservation.Capacity - reservation.Cost;
        var used = reservation.Deficit;
        var start = (long)reservation.Clock;
        for (var back = limit.Parts; back > 0 && used > room; back--)
        {
            var name = NameOf(limit, in reservation, back);
            used -= Math.Min(used, UsageCounter.Read(table, in name));
            start += part;
        }

        return Seconds((used > room ? start + part : start) - nanoseconds);
    }

    /// <summary>Seconds until what was taken now has left the window, rounded up.</summary>
    public static int ResetSeconds(WindowLimit limit, in Reservation reservation, long nanoseconds) =>
        Seconds((long)reservation.Clock + (limit.PartNanoseconds * (limit.Parts + 1)) - nanoseconds);

    private static int Seconds(long nanoseconds) =>
        (int)Math.Clamp((nanoseconds + NanosecondsPerSecond - 1) / NanosecondsPerSecond, 1, int.MaxValue);

    // Whether nobody has seen a later part than the one that the reservation was checked in.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsPresent(CounterTable table, WindowLimit limit, in Reservation reservation)
    {
        return table.Present - (long)reservation.Clock < limit.PartNanoseconds;
    }

    private static ulong SumBefore(CounterTable table, WindowLimit limit, in Reservation reservation)
    {
        var sum = 0UL;
        var back = 0;
        var mark = table.Main.MarkOf(limit.Meta);
        foreach (ref readonly var mix in limit.MixesBefore((long)reservation.Clock))
        {
            back++;
            var key = reservation.Key.With(mix);
            if (!UsageCell.TryRead(table.Main, in key, limit.Meta, out var amount) && table.Main.HasOverflowed(in key, mark))
            {
                var name = NameOf(limit, in reservation, back);
                amount = UsageCounter.Read(table, in name);
            }

            sum = UsageCounter.Sum(sum, amount);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static UsageName NameOf(WindowLimit limit, in Reservation reservation, int back)
    {
        var part = limit.PartNanoseconds;
        var start = (long)reservation.Clock - (back * part);
        var expiry = (start + (part * (limit.Parts + 1)) + NanosecondsPerSecond - 1) / NanosecondsPerSecond;
        return UsageName.Of(
            in reservation.Key, limit.OverflowKey, reservation.Shadow, start, part, CellMeta.WithExpiry(limit.Meta, expiry));
    }
}
