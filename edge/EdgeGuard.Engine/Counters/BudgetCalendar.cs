using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Counters;

/// <summary>
/// The windows of a budget for who accounts for it elsewhere: the calendar that counters use, without the memory of which window was asked for last.
/// </summary>
public sealed class BudgetCalendar
{
    private const long Second = 1_000_000_000;

    private readonly WindowCalendar _calendar;

    /// <summary>The windows of a budget.</summary>
    /// <param name="window">How they are laid.</param>
    /// <exception cref="TimeZoneNotFoundException">The zone is not one of this machine's.</exception>
    /// <exception cref="InvalidTimeZoneException">The zone's data cannot be read.</exception>
    public BudgetCalendar(BudgetWindow window) => _calendar = WindowCalendar.For(window);

    /// <summary>The window that the last moment of a second is in, so that a window is found by the second that it begins in.</summary>
    /// <param name="unixSeconds">Unix time.</param>
    /// <returns>The second that it begins in, and the first one after it.</returns>
    public (long Start, long End) At(long unixSeconds)
    {
        var span = _calendar.SpanAt((unixSeconds * Second) + Second - 1);
        return (span.StartNanoseconds / Second, (span.EndNanoseconds + Second - 1) / Second);
    }
}
