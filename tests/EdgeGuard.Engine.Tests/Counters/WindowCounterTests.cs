using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Counters;

public sealed class WindowCounterTests
{
    private const long Second = CounterRig.Second;
    private const long Start = CounterRig.Start;

    [Fact]
    public void Take_UpToTheBudget_TakesExactlyItAndBeginsAnewWithTheWindow()
    {
        using var rig = new CounterRig();
        var limit = rig.Window(FixedCalendar.Every(TimeSpan.FromMinutes(5)));
        Assert.Equal(TakeResult.Taken, Take(rig, limit, 0, 7, 10, Start + 1, out var used));
        Assert.Equal(0UL, used);
        Assert.Equal(TakeResult.Exceeded, Take(rig, limit, 0, 4, 10, Start + 2, out used));
        Assert.Equal(7UL, used);
        Assert.Equal(TakeResult.Taken, Take(rig, limit, 0, 3, 10, Start + (300 * Second) - 1, out _));
        Assert.Equal(TakeResult.Exceeded, Take(rig, limit, 0, 1, 10, Start + (300 * Second) - 1, out used));
        Assert.Equal(10UL, used);
        Assert.Equal(TakeResult.Taken, Take(rig, limit, 0, 10, 10, Start + (300 * Second), out used));
        Assert.Equal(0UL, used);
    }

    [Fact]
    public void Take_OtherCapacity_ComparesWithThat()
    {
        using var rig = new CounterRig();
        var limit = rig.Window(FixedCalendar.Every(TimeSpan.FromHours(1)));
        Assert.Equal(TakeResult.Taken, Take(rig, limit, 0, 10, 10, Start, out _));
        Assert.Equal(TakeResult.Exceeded, Take(rig, limit, 0, 1, 5, Start, out _));
        Assert.Equal(TakeResult.Taken, Take(rig, limit, 0, 5, 15, Start, out _));
        Assert.Equal(TakeResult.Exceeded, Take(rig, limit, 0, ulong.MaxValue, ulong.MaxValue, Start, out _));
    }

    [Fact]
    public void GiveBack_InAndAfterItsWindow_TouchesThatWindowOnly()
    {
        using var rig = new CounterRig();
        var limit = rig.Window(FixedCalendar.Every(TimeSpan.FromMinutes(5)));
        var first = rig.Ask(0, 8, 10);
        WindowCounter.Check(rig.Table, limit, ref first, Start);
        Assert.Equal(TakeResult.Taken, WindowCounter.Take(rig.Table, limit, ref first, Start));
        WindowCounter.GiveBack(rig.Table, limit, ref first, 3);
        Assert.Equal(5UL, Used(rig, limit, 0, Start));
        var later = Start + (300 * Second);
        Assert.Equal(TakeResult.Taken, Take(rig, limit, 0, 9, 10, later, out _));
        WindowCounter.GiveBack(rig.Table, limit, ref first, 5);
        Assert.Equal(9UL, Used(rig, limit, 0, later));
        WindowCounter.GiveBack(rig.Table, limit, ref first, 5);
        Assert.Equal(9UL, Used(rig, limit, 0, later));
    }

    [Fact]
    public void Charge_BeyondTheReservation_CountsEvenBeyondTheBudgetAndEndsAtTheLargestAmount()
    {
        using var rig = new CounterRig();
        var limit = rig.Window(FixedCalendar.Every(TimeSpan.FromMinutes(5)));
        var request = rig.Ask(0, 8, 10);
        WindowCounter.Check(rig.Table, limit, ref request, Start);
        Assert.Equal(TakeResult.Taken, WindowCounter.Take(rig.Table, limit, ref request, Start));
        WindowCounter.Charge(rig.Table, limit, ref request, 12, Start + 1);
        Assert.Equal(20UL, Used(rig, limit, 0, Start + 1));
        Assert.Equal(TakeResult.Exceeded, Take(rig, limit, 0, 1, 10, Start + 1, out _));
        WindowCounter.Charge(rig.Table, limit, ref request, ulong.MaxValue, Start + 1);
        Assert.Equal(UsageWord.MaxAmount, Used(rig, limit, 0, Start + 1));
        Assert.Equal(TakeResult.Exceeded, Take(rig, limit, 0, 1, ulong.MaxValue, Start + 1, out _));
        Assert.Equal(0UL, Used(rig, limit, 0, Start + (300 * Second)));
    }

    [Fact]
    public void Charge_WithoutACellAnyMore_ChargesThePresentWindow()
    {
        using var rig = new CounterRig();
        var limit = rig.Window(FixedCalendar.Every(TimeSpan.FromMinutes(5)));
        var request = rig.Ask(0, 8, 10);
        WindowCounter.Check(rig.Table, limit, ref request, Start);
        WindowCounter.Charge(rig.Table, limit, ref request, 4, Start + (600 * Second));
        Assert.Equal(4UL, Used(rig, limit, 0, Start + (600 * Second)));
    }

    [Fact]
    public void Take_InTheShadow_CountsBesideTheRealOne()
    {
        using var rig = new CounterRig();
        var limit = rig.Window(FixedCalendar.Every(TimeSpan.FromMinutes(5)));
        Assert.Equal(TakeResult.Taken, Take(rig, limit, 0, 10, 10, Start, out _));
        var shadow = rig.Ask(0, 10, 10, shadow: true);
        WindowCounter.Check(rig.Table, limit, ref shadow, Start);
        Assert.Equal(TakeResult.Taken, WindowCounter.Take(rig.Table, limit, ref shadow, Start));
    }

    [Theory]
    [InlineData(0, 300)]
    [InlineData(1, 300)]
    [InlineData(299 * Second, 1)]
    [InlineData((300 * Second) - 1, 1)]
    [InlineData((298 * Second) + 1, 2)]
    public void ResetSeconds_AnyTime_RoundsUpToTheEndOfTheWindow(long into, int seconds)
    {
        using var rig = new CounterRig();
        var limit = rig.Window(FixedCalendar.Every(TimeSpan.FromMinutes(5)));
        Assert.Equal(seconds, WindowCounter.ResetSeconds(limit, Start + into));
    }

    private static TakeResult Take(CounterRig rig, WindowLimit limit, int key, ulong cost, ulong capacity, long now, out ulong used)
    {
        var request = rig.Ask(key, cost, capacity);
        WindowCounter.Check(rig.Table, limit, ref request, now);
        used = request.Deficit;
        return WindowCounter.Take(rig.Table, limit, ref request, now);
    }

    private static ulong Used(CounterRig rig, WindowLimit limit, int key, long now)
    {
        var request = rig.Ask(key, 1, 1);
        WindowCounter.Check(rig.Table, limit, ref request, now);
        return request.Deficit;
    }
}
