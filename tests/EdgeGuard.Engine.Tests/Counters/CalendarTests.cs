using System.Globalization;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Counters;

public sealed class CalendarTests
{
    private const long Second = 1_000_000_000;

    [Theory]
    [InlineData(BudgetPeriod.FiveMinutes, "2026-03-02T10:07:59", "2026-03-02T10:05:00", "2026-03-02T10:10:00")]
    [InlineData(BudgetPeriod.Hour, "2026-03-02T10:00:00", "2026-03-02T10:00:00", "2026-03-02T11:00:00")]
    [InlineData(BudgetPeriod.Day, "2028-02-29T23:59:59", "2028-02-29T00:00:00", "2028-03-01T00:00:00")]
    [InlineData(BudgetPeriod.Week, "2026-03-01T12:00:00", "2026-02-23T00:00:00", "2026-03-02T00:00:00")]
    [InlineData(BudgetPeriod.Month, "2028-02-29T12:00:00", "2028-02-01T00:00:00", "2028-03-01T00:00:00")]
    [InlineData(BudgetPeriod.Month, "2027-02-28T23:59:59", "2027-02-01T00:00:00", "2027-03-01T00:00:00")]
    [InlineData(BudgetPeriod.Month, "2026-12-31T23:59:59", "2026-12-01T00:00:00", "2027-01-01T00:00:00")]
    [InlineData(BudgetPeriod.Day, "1969-12-31T12:00:00", "1969-12-31T00:00:00", "1970-01-01T00:00:00")]
    public void At_InUtc_IsTheWindowOfTheCalendar(BudgetPeriod period, string time, string start, string end) =>
        AssertWindow(new BudgetWindow { Period = period }, time, start, end);

    [Theory]
    [InlineData(DayOfWeek.Sunday, "2026-03-01T00:00:00", "2026-03-08T00:00:00")]
    [InlineData(DayOfWeek.Monday, "2026-03-02T00:00:00", "2026-03-09T00:00:00")]
    [InlineData(DayOfWeek.Thursday, "2026-02-26T00:00:00", "2026-03-05T00:00:00")]
    [InlineData(DayOfWeek.Saturday, "2026-02-28T00:00:00", "2026-03-07T00:00:00")]
    public void At_WeekThatBeginsOnADay_BeginsOnIt(DayOfWeek day, string start, string end)
    {
        AssertWindow(new BudgetWindow { Period = BudgetPeriod.Week, WeekStart = day }, "2026-03-04T15:00:00", start, end);
        AssertWindow(
            new BudgetWindow { Period = BudgetPeriod.Week, WeekStart = day, TimeZone = "Atlantic/Reykjavik" }, "2026-03-04T15:00:00", start, end);
    }

    [Fact]
    public void At_CustomWindow_IsAlignedToTheEpoch() =>
        AssertWindow(
            new BudgetWindow { Period = BudgetPeriod.Custom, Length = TimeSpan.FromHours(7), TimeZone = "Asia/Kathmandu" },
            "1970-01-02T00:00:00", "1970-01-01T21:00:00", "1970-01-02T04:00:00");

    // Days of 23 and 25 hours, of 24 and a half and 23 and a half, midnights that do not exist, exist twice, or come back.
    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29T12:00:00", "2026-03-28T23:00:00", "2026-03-29T22:00:00")]
    [InlineData("Europe/Berlin", "2026-10-25T12:00:00", "2026-10-24T22:00:00", "2026-10-25T23:00:00")]
    [InlineData("America/New_York", "2026-03-08T12:00:00", "2026-03-08T05:00:00", "2026-03-09T04:00:00")]
    [InlineData("America/New_York", "2026-11-01T12:00:00", "2026-11-01T04:00:00", "2026-11-02T05:00:00")]
    [InlineData("Australia/Lord_Howe", "2026-04-05T01:00:00", "2026-04-04T13:00:00", "2026-04-05T13:30:00")]
    [InlineData("Australia/Lord_Howe", "2026-10-04T01:00:00", "2026-10-03T13:30:00", "2026-10-04T13:00:00")]
    [InlineData("America/Sao_Paulo", "2018-11-04T12:00:00", "2018-11-04T03:00:00", "2018-11-05T02:00:00")]
    [InlineData("America/Sao_Paulo", "2018-02-17T12:00:00", "2018-02-17T02:00:00", "2018-02-18T03:00:00")]
    [InlineData("America/Sao_Paulo", "2026-11-04T12:00:00", "2026-11-04T03:00:00", "2026-11-05T03:00:00")]
    [InlineData("Asia/Kathmandu", "2026-11-04T12:00:00", "2026-11-03T18:15:00", "2026-11-04T18:15:00")]
    [InlineData("Africa/Cairo", "2023-04-28T12:00:00", "2023-04-27T22:00:00", "2023-04-28T21:00:00")]
    [InlineData("Africa/Cairo", "2023-10-26T12:00:00", "2023-10-25T21:00:00", "2023-10-26T22:00:00")]
    [InlineData("Asia/Beirut", "2022-03-27T12:00:00", "2022-03-26T22:00:00", "2022-03-27T21:00:00")]
    [InlineData("Asia/Beirut", "2022-10-29T12:00:00", "2022-10-28T21:00:00", "2022-10-29T22:00:00")]
    [InlineData("America/Havana", "2026-11-01T12:00:00", "2026-11-01T04:00:00", "2026-11-02T05:00:00")]
    [InlineData("America/St_Johns", "2006-10-29T02:45:00", "2006-10-29T02:30:00", "2006-10-30T03:30:00")]
    [InlineData("America/St_Johns", "2006-10-29T02:29:00", "2006-10-28T02:30:00", "2006-10-29T02:30:00")]
    [InlineData("Pacific/Apia", "2011-12-29T12:00:00", "2011-12-29T10:00:00", "2011-12-30T10:00:00")]
    [InlineData("Pacific/Apia", "2011-12-30T10:00:00", "2011-12-30T10:00:00", "2011-12-31T10:00:00")]
    public void At_DayOfAZone_BeginsAtItsFirstMoment(string zone, string time, string start, string end) =>
        AssertWindow(new BudgetWindow { Period = BudgetPeriod.Day, TimeZone = zone }, time, start, end);

    [Theory]
    [InlineData("Asia/Kathmandu", "2026-11-04T10:30:00", "2026-11-04T10:15:00", "2026-11-04T11:15:00")]
    [InlineData("Europe/Berlin", "2026-03-29T00:59:59", "2026-03-29T00:00:00", "2026-03-29T01:00:00")]
    [InlineData("Europe/Berlin", "2026-10-25T00:30:00", "2026-10-25T00:00:00", "2026-10-25T01:00:00")]
    [InlineData("Europe/Berlin", "2026-10-25T01:30:00", "2026-10-25T01:00:00", "2026-10-25T02:00:00")]
    [InlineData("America/St_Johns", "2006-10-29T02:40:00", "2006-10-29T02:30:00", "2006-10-29T03:30:00")]
    [InlineData("Australia/Lord_Howe", "2026-04-04T14:30:00", "2026-04-04T14:00:00", "2026-04-04T15:00:00")]
    [InlineData("Australia/Lord_Howe", "2026-04-04T15:10:00", "2026-04-04T15:00:00", "2026-04-04T15:30:00")]
    [InlineData("Australia/Lord_Howe", "2026-04-04T15:40:00", "2026-04-04T15:30:00", "2026-04-04T16:30:00")]
    [InlineData("Australia/Lord_Howe", "2026-10-03T15:40:00", "2026-10-03T15:30:00", "2026-10-03T16:00:00")]
    public void At_HourOfAZone_IsAlignedToItsClock(string zone, string time, string start, string end) =>
        AssertWindow(new BudgetWindow { Period = BudgetPeriod.Hour, TimeZone = zone }, time, start, end);

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-31T21:59:59", "2026-02-28T23:00:00", "2026-03-31T22:00:00")]
    [InlineData("America/New_York", "2026-11-15T00:00:00", "2026-11-01T04:00:00", "2026-12-01T05:00:00")]
    [InlineData("Pacific/Apia", "2011-12-30T12:00:00", "2011-12-01T10:00:00", "2011-12-31T10:00:00")]
    public void At_MonthOfAZone_IsItsMonth(string zone, string time, string start, string end) =>
        AssertWindow(new BudgetWindow { Period = BudgetPeriod.Month, TimeZone = zone }, time, start, end);

    [Theory]
    [InlineData("Europe/Berlin", DayOfWeek.Monday, "2026-03-29T12:00:00", "2026-03-22T23:00:00", "2026-03-29T22:00:00")]
    [InlineData("America/New_York", DayOfWeek.Sunday, "2026-03-08T12:00:00", "2026-03-08T05:00:00", "2026-03-15T04:00:00")]
    public void At_WeekOfAZone_IsItsWeek(string zone, DayOfWeek day, string time, string start, string end) =>
        AssertWindow(new BudgetWindow { Period = BudgetPeriod.Week, WeekStart = day, TimeZone = zone }, time, start, end);

    [Fact]
    public void At_OldClockReading_NeverGoesBackUntilForgotten()
    {
        var calendar = WindowCalendar.For(new BudgetWindow { Period = BudgetPeriod.Hour });
        var later = calendar.At(Nanoseconds("2026-03-02T10:00:00"));
        Assert.Same(later, calendar.At(Nanoseconds("2026-03-02T09:59:59")));
        calendar.Forget();
        Assert.Equal(later.StartNanoseconds, calendar.At(Nanoseconds("2026-03-02T09:59:59")).EndNanoseconds);
    }

    [Fact]
    public void At_FromManyThreadsAtAnyTimes_NeverDecreasesForAnybody()
    {
        var seed = Seeds.Next(out _).Next();
        var calendar = FixedCalendar.Every(TimeSpan.FromSeconds(1));
        var clock = CounterRig.Start;
        Storm.Run(4, thread =>
        {
            var random = new Random(seed + thread);
            var last = long.MinValue;
            for (var i = 0; i < 100_000; i++)
            {
                var now = Interlocked.Add(ref clock, random.Next(100_000_000)) - random.Next(2_000_000_000);
                var window = calendar.At(now);
                Assert.True(window.StartNanoseconds >= last && window.EndNanoseconds > now);
                last = window.StartNanoseconds;
            }
        });
    }

    [Fact]
    public void For_UnknownZone_Throws() =>
        Assert.Throws<TimeZoneNotFoundException>(() => WindowCalendar.For(new BudgetWindow { Period = BudgetPeriod.Day, TimeZone = "Mars/Olympus" }));

    [Fact]
    public void For_SameBudgetTwice_IsOneCalendarOfTheTable()
    {
        using var rig = new CounterRig();
        var budget = new BudgetWindow { Period = BudgetPeriod.Day, TimeZone = "Europe/Berlin" };
        Assert.Same(rig.Table.Calendars.For(budget), rig.Table.Calendars.For(budget with { Period = BudgetPeriod.Day }));
        Assert.NotSame(rig.Table.Calendars.For(budget), rig.Table.Calendars.For(budget with { TimeZone = "Europe/Paris" }));
    }

    private static long Nanoseconds(string time) =>
        DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeSeconds() * Second;

    private static void AssertWindow(BudgetWindow budget, string time, string start, string end)
    {
        var window = WindowCalendar.For(budget).At(Nanoseconds(time));
        Assert.Equal((start, end), (Text(window.StartNanoseconds), Text(window.EndNanoseconds)));
    }

    private static string Text(long nanoseconds) =>
        DateTimeOffset.FromUnixTimeSeconds(nanoseconds / Second).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
}
