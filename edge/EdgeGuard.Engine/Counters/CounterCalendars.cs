using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Counters;

/// <summary>
/// The calendars of one table's windows. They belong to the table and not to a snapshot, because requests under the snapshots before and
/// after a reload count in the same cells and must agree on which window is the present one.
/// </summary>
internal sealed class CounterCalendars
{
    private readonly Lock _lock = new();
    private readonly Dictionary<BudgetWindow, WindowCalendar> _budgets = [];
    private readonly Dictionary<long, FixedCalendar> _parts = [];

    /// <summary>The calendar of a budget.</summary>
    /// <exception cref="TimeZoneNotFoundException">The zone is not one of this machine's.</exception>
    public WindowCalendar For(BudgetWindow window)
    {
        lock (_lock)
        {
            if (!_budgets.TryGetValue(window, out var calendar))
            {
                calendar = WindowCalendar.For(window);
                _budgets.Add(window, calendar);
            }

            return calendar;
        }
    }

    /// <summary>The parts of all sliding windows whose parts have one length, in nanoseconds.</summary>
    public FixedCalendar ForParts(long length)
    {
        lock (_lock)
        {
            if (!_parts.TryGetValue(length, out var calendar))
            {
                calendar = new FixedCalendar(length);
                _parts.Add(length, calendar);
            }

            return calendar;
        }
    }

    /// <summary>Lets time begin anew. Only while nobody else uses the table.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            foreach (var calendar in _budgets.Values)
            {
                calendar.Forget();
            }

            foreach (var calendar in _parts.Values)
            {
                calendar.Forget();
            }
        }
    }
}
