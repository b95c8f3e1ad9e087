using System.Runtime.CompilerServices;

namespace EdgeGuard.Engine.Counters;

/// <summary>
/// Budgets by windows of the calendar. Each window has a cell of its own, whose word is what was used in it, so a budget begins anew
/// without anybody resetting anything.
/// </summary>
internal static class WindowCounter
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Reads what is used of the present window into the reservation; takes nothing.</summary>
    public static void Check(CounterTable table, WindowLimit limit, ref Reservation reservation, long nanoseconds)
    {
        var name = NameAt(table, limit, ref reservation, nanoseconds);
        UsageCounter.Check(table, in name, ref reservation);
    }

    /// <summary>Takes the cost from the window that was checked, or nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TakeResult Take(CounterTable table, WindowLimit limit, ref Reservation reservation, long nanoseconds)
    {
        var name = NameOf(limit, in reservation);
        return UsageCounter.TryTake(in name, ref reservation)
            ? TakeResult.Taken
            : UsageCounter.TakeSlow(table, in name, 0, ref reservation, nanoseconds);
    }

    /// <summary>Gives back some of what was taken, to the window that it was taken from, even if that is over.</summary>
    /// <param name="table">Where it was taken.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="reservation">As the take left it.</param>
    /// <param name="units">How much; at most what was taken and not yet given back.</param>
    public static void GiveBack(CounterTable table, WindowLimit limit, ref Reservation reservation, ulong units)
    {
        var name = NameOf(limit, in reservation);
        UsageCounter.GiveBack(table, in name, ref reservation, units);
    }

    /// <summary>
    /// Charges what a request used beyond what it took, even beyond the budget: to the window that it took from if that is still there,
    /// and else to the present one.
    /// </summary>
    public static void Charge(CounterTable table, WindowLimit limit, ref Reservation reservation, ulong units, long nanoseconds)
    {
        var name = NameOf(limit, in reservation);
        var inOverflow = reservation.InOverflow;
        if (!UsageCounter.Exists(table, in name))
        {
            var taken = reservation.Clock;
            var charged = reservation;
            name = NameAt(table, limit, ref charged, nanoseconds);
            inOverflow &= charged.Clock == taken;
        }

        UsageCounter.Charge(table, in name, inOverflow, units, nanoseconds);
    }

    /// <summary>Seconds to the end of the present window, rounded up, at least 1: both when it begins anew and how long to wait for that.</summary>
    public static int ResetSeconds(WindowLimit limit, long nanoseconds)
    {
        var left = limit.Calendar.At(nanoseconds).EndNanoseconds - nanoseconds;
        return (int)Math.Clamp((left + NanosecondsPerSecond - 1) / NanosecondsPerSecond, 1, int.MaxValue);
    }

    // A cell is only reclaimed by somebody who has read a clock: this request's own reading may be older, the window that it is in is not.
    private static UsageName NameAt(CounterTable table, WindowLimit limit, ref Reservation reservation, long nanoseconds)
    {
        var span = limit.Calendar.At(Math.Max(nanoseconds, table.Present));
        reservation.Clock = (ulong)span.StartNanoseconds;
        reservation.Meta = CellMeta.WithExpiry(limit.Meta, (span.EndNanoseconds + NanosecondsPerSecond - 1) / NanosecondsPerSecond);
        return NameOf(limit, in reservation);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static UsageName NameOf(WindowLimit limit, in Reservation reservation) =>
        UsageName.Of(in reservation.Key, limit.OverflowKey, reservation.Shadow, (long)reservation.Clock, 0, reservation.Meta);
}
