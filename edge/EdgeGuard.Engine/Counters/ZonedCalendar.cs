using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Counters;

/// <summary>
/// Windows of the civil calendar of a time zone. A day begins at the first moment at which the zone's date is that day's or a later one:
/// 00:00 where that exists, the end of the gap where clocks skip it, the first of the two where it comes twice, and never where a zone
/// skipped the whole day. Days therefore follow each other without gap or overlap and last 23, 24 or 25 hours as the zone has it.
/// </summary>
internal sealed class ZonedCalendar : WindowCalendar
{
    /// <summary>Steps from a guess to the day that a moment is in; clocks were never set by more than a day.</summary>
    private const int MaxSteps = 4;

    private const int DaysInWeek = 7;
    private const long Minute = 60;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;

    // Beyond any offset and any change of one: the first is 14 hours, the second 24.
    private const long Reach = 40 * Hour;

    private static readonly DateOnly Epoch = new(1970, 1, 1);

    private readonly TimeZoneInfo _zone;
    private readonly BudgetPeriod _period;
    private readonly DayOfWeek _weekStart;

    public ZonedCalendar(TimeZoneInfo zone, BudgetPeriod period, DayOfWeek weekStart)
    {
        _zone = zone;
        _period = period;
        _weekStart = weekStart;
    }

    // In whole Unix seconds: so are the offsets of all zones and the moments at which they change.
    protected override WindowSpan Compute(long nanoseconds)
    {
        var now = (nanoseconds - Modulo(nanoseconds, Second)) / Second;
        var (start, end) = _period switch
        {
            BudgetPeriod.FiveMinutes => Steps(now, 5 * Minute),
            BudgetPeriod.Hour => Steps(now, Hour),
            _ => Dates(now),
        };
        return new WindowSpan(start * Second, end * Second);
    }

    private static long Modulo(long value, long by)
    {
        var rest = value % by;
        return rest < 0 ? rest + by : rest;
    }

    // Hours and parts of them are aligned to the zone's clock: in Nepal they begin at a quarter past the hour of UTC. Where the clock is
    // set by less than a whole window (Lord Howe, 30 minutes) the window that runs ends there.
    private (long Start, long End) Steps(long now, long length)
    {
        var offset = Offset(now);
        var start = now - Modulo(now + offset, length);
        var end = start + length;
        if ((Offset(start) - offset) % length != 0)
        {
            start = Transition(start, now);
        }

        if ((Offset(end - 1) - offset) % length != 0)
        {
            end = Transition(now, end - 1);
        }

        return (start, end);
    }

    private (long Start, long End) Dates(long now)
    {
        var date = FirstOf(Epoch.AddDays((int)((now + Offset(now) - Modulo(now + Offset(now), Day)) / Day)));
        var start = StartOf(date);
        var end = StartOf(Next(date));

        // A day may have begun, and its clock been set back to the one before: then the date at hand is not the window's.
        for (var step = 0; step < MaxSteps && now >= end; step++)
        {
            date = Next(date);
            (start, end) = (end, StartOf(Next(date)));
        }

        return (start, end);
    }

    private DateOnly FirstOf(DateOnly date) => _period switch
    {
        BudgetPeriod.Week => date.AddDays(-(((int)date.DayOfWeek - (int)_weekStart + DaysInWeek) % DaysInWeek)),
        BudgetPeriod.Month => new DateOnly(date.Year, date.Month, 1),
        _ => date,
    };

    private DateOnly Next(DateOnly date) => _period switch
    {
        BudgetPeriod.Week => date.AddDays(DaysInWeek),
        BudgetPeriod.Month => date.AddMonths(1),
        _ => date.AddDays(1),
    };

    // The first moment at which the zone's date is this one or later. A day that was skipped begins and ends with the one after it.
    private long StartOf(DateOnly date)
    {
        var midnight = (date.DayNumber - Epoch.DayNumber) * Day;
        var from = midnight - Reach;
        for (var step = 0; step < MaxSteps; step++)
        {
            // Where midnight would be if the clock were never set again.
            var offset = Offset(from);
            var guess = midnight - offset;
            if (guess <= from)
            {
                break;
            }

            if (Offset(guess) == offset)
            {
                return guess;
            }

            from = Transition(from, guess);
        }

        return from;
    }

    // The first second between two with different offsets that has another offset than the earlier.
    private long Transition(long earlier, long later)
    {
        var offset = Offset(earlier);
        while (later - earlier > 1)
        {
            var middle = earlier + ((later - earlier) / 2);
            if (Offset(middle) == offset)
            {
                earlier = middle;
            }
            else
            {
                later = middle;
            }
        }

        return later;
    }

    private long Offset(long seconds) => _zone.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(seconds)).Ticks / TimeSpan.TicksPerSecond;
}
