using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;

namespace EdgeGuard.ControlPlane.Leases;

/// <summary>The windows of one budget, by the calendar of the engine: both sides name a window by the same second.</summary>
internal sealed class LeaseWindows
{
    private const long Hour = 3_600;
    private const long Day = 24 * Hour;

    private readonly BudgetCalendar _calendar;

    /// <summary>The windows of a budget.</summary>
    /// <exception cref="TimeZoneNotFoundException">The zone is not one of this machine's.</exception>
    public LeaseWindows(BudgetWindow window)
    {
        _calendar = new BudgetCalendar(window);
        Reach = Math.Max(Hour, Length(window) / 4);
    }

    /// <summary>Seconds from now on in which a window must begin so that leases reach it. The same for every window, so a restore can tell what was reached.</summary>
    public long Reach { get; }

    /// <summary>The window that a second is in.</summary>
    /// <param name="seconds">Unix time.</param>
    public LeaseWindow At(long seconds)
    {
        var (start, end) = _calendar.At(seconds);
        return new LeaseWindow(start, end);
    }

    /// <summary>The window of a name, or null when none begins in that second.</summary>
    public LeaseWindow? Named(long start) => At(start) is { } window && window.Start == start ? window : null;

    /// <summary>The window after one.</summary>
    public LeaseWindow After(LeaseWindow window) => At(window.End);

    // The longest that one of its windows can be, but for an hour of a change of clocks.
    private static long Length(BudgetWindow window) => window.Period switch
    {
        BudgetPeriod.FiveMinutes => Hour / 12,
        BudgetPeriod.Hour => Hour,
        BudgetPeriod.Day => Day,
        BudgetPeriod.Week => 7 * Day,
        BudgetPeriod.Month => 31 * Day,
        _ => (long)window.Length.TotalSeconds,
    };
}
