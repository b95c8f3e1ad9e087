using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Counters;

public sealed class CalendarPropertyTests
{
    private const long Second = 1_000_000_000;

    public static TheoryData<string> Zones =>
    [
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu", "Africa/Cairo", "Asia/Beirut",
        "Pacific/Apia", "America/St_Johns", "America/Havana", "Africa/Casablanca", "Antarctica/Troll", "Asia/Tehran", "UTC",
    ];

    [Theory]
    [MemberData(nameof(Zones))]
    public void At_OverDecades_TilesTimeAndIsTheSameForEveryMomentOfAWindow(string zone)
    {
        var random = Seeds.Next(out _);
        foreach (var period in (BudgetPeriod[])[BudgetPeriod.Day, BudgetPeriod.Week, BudgetPeriod.Month])
        {
            var budget = new BudgetWindow { Period = period, TimeZone = zone };
            var calendar = WindowCalendar.For(budget);
            var window = calendar.At(At(1988));
            var until = At(2042);
            while (window.StartNanoseconds < until)
            {
                var hours = (window.EndNanoseconds - window.StartNanoseconds) / (3600.0 * Second);
                Assert.InRange(hours, period == BudgetPeriod.Day ? 21 : period == BudgetPeriod.Week ? 140 : 640, period == BudgetPeriod.Day ? 27 : 750);
                var next = calendar.At(window.EndNanoseconds);
                Assert.Equal(window.EndNanoseconds, next.StartNanoseconds);

                calendar.Forget();
                var within = random.NextInt64(window.StartNanoseconds, window.EndNanoseconds);
                Assert.Equal(window, calendar.At(within));
                Assert.Equal(window, calendar.At(window.EndNanoseconds - 1));
                window = next;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Zones))]
    public void At_HoursAndParts_TileTimeAndNoneIsLonger(string zone)
    {
        foreach (var (period, minutes) in ((BudgetPeriod, int)[])[(BudgetPeriod.Hour, 60), (BudgetPeriod.FiveMinutes, 5)])
        {
            var calendar = WindowCalendar.For(new BudgetWindow { Period = period, TimeZone = zone });
            var window = calendar.At(At(2005));
            for (var i = 0; i < 60 * 24 * 365 * 2 / minutes; i++)
            {
                Assert.InRange(window.EndNanoseconds - window.StartNanoseconds, 1, minutes * 60 * Second);
                var next = calendar.At(window.EndNanoseconds);
                Assert.Equal(window.EndNanoseconds, next.StartNanoseconds);
                window = next;
            }
        }
    }

    // The definition, minute by minute: a day begins when the zone's date is for the first time later than ever before.
    [Theory]
    [InlineData("Europe/Berlin", 2026)]
    [InlineData("Australia/Lord_Howe", 2026)]
    [InlineData("America/Sao_Paulo", 2018)]
    [InlineData("Africa/Cairo", 2023)]
    [InlineData("Asia/Beirut", 2022)]
    [InlineData("Pacific/Apia", 2011)]
    [InlineData("America/St_Johns", 2006)]
    [InlineData("America/Havana", 2026)]
    [InlineData("Africa/Casablanca", 2019)]
    public void At_DaysOfAYear_AreThoseOfAWalkThroughAllItsMinutes(string zone, int year)
    {
        var info = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var calendar = WindowCalendar.For(new BudgetWindow { Period = BudgetPeriod.Day, TimeZone = zone });
        var latest = DateOnly.MinValue;
        var starts = new List<long>();
        var from = At(year) / Second;
        for (var second = from; second < from + (367 * 86_400); second += 60)
        {
            var moment = DateTimeOffset.FromUnixTimeSeconds(second);
            var date = DateOnly.FromDateTime(moment.UtcDateTime + info.GetUtcOffset(moment));
            if (date > latest)
            {
                latest = date;
                starts.Add(second);
            }
        }

        for (var i = 1; i < starts.Count - 1; i++)
        {
            Assert.Equal(new WindowSpan(starts[i] * Second, starts[i + 1] * Second), calendar.At(starts[i] * Second));
        }
    }

    private static long At(int year) => new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds() * Second;
}
