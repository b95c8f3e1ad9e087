using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Counters;

/// <summary>Lays windows along the calendar. Immutable but for a remembered present window, so that most requests compute none.</summary>
internal abstract class WindowCalendar
{
    /// <summary>Nanoseconds in a second.</summary>
    protected const long Second = 1_000_000_000;

    private WindowSpan? _present;

    /// <summary>The latest window that was asked for, or null.</summary>
    public WindowSpan? Latest => Volatile.Read(ref _present);

    /// <summary>The calendar of a budget. Budgets share calendars through <see cref="CounterCalendars"/>.</summary>
    /// <param name="window">How its windows are laid.</param>
    /// <exception cref="TimeZoneNotFoundException">The zone is not one of this machine's.</exception>
    /// <exception cref="InvalidTimeZoneException">The zone's data cannot be read.</exception>
    public static WindowCalendar For(BudgetWindow window)
    {
        if (window.Period == BudgetPeriod.Custom)
        {
            return FixedCalendar.Every(window.Length);
        }

        var zone = TimeZoneInfo.FindSystemTimeZoneById(window.TimeZone);
        var steady = zone.BaseUtcOffset == TimeSpan.Zero && !zone.SupportsDaylightSavingTime && zone.GetAdjustmentRules().Length == 0;
        return window.Period switch
        {
            BudgetPeriod.FiveMinutes when steady => FixedCalendar.Every(TimeSpan.FromMinutes(5)),
            BudgetPeriod.Hour when steady => FixedCalendar.Every(TimeSpan.FromHours(1)),
            BudgetPeriod.Day when steady => FixedCalendar.Every(TimeSpan.FromDays(1)),
            BudgetPeriod.Week when steady => FixedCalendar.Weekly(window.WeekStart),
            _ => new ZonedCalendar(zone, window.Period, window.WeekStart),
        };
    }

    /// <summary>
    /// The window that a time is in. Never one before a window that was already returned: a window index never decreases, whatever the order
    /// in which concurrent requests read their clocks.
    /// </summary>
    /// <param name="nanoseconds">Nanoseconds since the Unix epoch.</param>
    public WindowSpan At(long nanoseconds)
    {
        var present = Volatile.Read(ref _present);
        if (present is not null && nanoseconds < present.EndNanoseconds)
        {
            return present;
        }

        var next = Compute(nanoseconds);
        while (true)
        {
            var seen = Interlocked.CompareExchange(ref _present, next, present);
            if (ReferenceEquals(seen, present))
            {
                return next;
            }

            if (seen is not null && seen.StartNanoseconds >= next.StartNanoseconds)
            {
                return seen;
            }

            present = seen;
        }
    }

    /// <summary>The window that a time is in, whatever was asked for before.</summary>
    /// <param name="nanoseconds">Nanoseconds since the Unix epoch.</param>
    public WindowSpan SpanAt(long nanoseconds) => Compute(nanoseconds);

    /// <summary>Begins anew, at whatever time comes next. Only together with the counters.</summary>
    public void Forget() => Volatile.Write(ref _present, null);

    /// <summary>The window that a time is in, from nothing but the time.</summary>
    protected abstract WindowSpan Compute(long nanoseconds);
}
