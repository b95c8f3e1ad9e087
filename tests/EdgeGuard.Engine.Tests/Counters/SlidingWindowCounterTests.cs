using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Counters;

public sealed class SlidingWindowCounterTests
{
    private const long Second = CounterRig.Second;
    private const long Start = CounterRig.Start;

    [Fact]
    public void Take_AcrossTheTurnOfAWindow_NeverHasMoreThanTheLimitInAnyWindow()
    {
        using var rig = new CounterRig();
        var limit = rig.Sliding(TimeSpan.FromSeconds(10), 10);
        Assert.Equal(TakeResult.Taken, Take(rig, limit, 10, 10, Start + (9 * Second)));
        Assert.Equal(TakeResult.Exceeded, Take(rig, limit, 1, 10, Start + (10 * Second)));

        // The oldest part counts whole: the tenth second is over at 20, not at 19.
        Assert.Equal(TakeResult.Exceeded, Take(rig, limit, 1, 10, Start + (20 * Second) - 1));
        Assert.Equal(TakeResult.Taken, Take(rig, limit, 10, 10, Start + (20 * Second)));
    }

    [Fact]
    public void Check_PartsOfManyAges_SumsThoseThatCount()
    {
        using var rig = new CounterRig();
        var limit = rig.Sliding(TimeSpan.FromSeconds(3), 3);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(TakeResult.Taken, Take(rig, limit, 1UL << i, 100, Start + (i * Second)));
        }

        Assert.Equal(15UL, Used(rig, limit, Start + (3 * Second)));
        Assert.Equal(14UL, Used(rig, limit, Start + (4 * Second)));
        Assert.Equal(12UL, Used(rig, limit, Start + (5 * Second)));
        Assert.Equal(8UL, Used(rig, limit, Start + (6 * Second)));
        Assert.Equal(0UL, Used(rig, limit, Start + (7 * Second)));
    }

    [Fact]
    public void GiveBack_InAndAfterItsPart_TouchesThatPartOnly()
    {
        using var rig = new CounterRig();
        var limit = rig.Sliding(TimeSpan.FromSeconds(4), 4);
        var first = rig.Ask(0, 8, 10);
        SlidingWindowCounter.Check(rig.Table, limit, ref first, Start);
        Assert.Equal(TakeResult.Taken, SlidingWindowCounter.Take(rig.Table, limit, ref first, Start));
        Assert.Equal(TakeResult.Taken, Take(rig, limit, 2, 10, Start + Second));
        SlidingWindowCounter.GiveBack(rig.Table, limit, ref first, 5);
        Assert.Equal(5UL, Used(rig, limit, Start + Second));
        SlidingWindowCounter.GiveBack(rig.Table, limit, ref first, 5);
        Assert.Equal(2UL, Used(rig, limit, Start + Second));
    }

    [Fact]
    public void Charge_BeyondTheReservation_CountsInItsPartWhileThatIsThere()
    {
        using var rig = new CounterRig();
        var limit = rig.Sliding(TimeSpan.FromSeconds(2), 2);
        var first = rig.Ask(0, 8, 10);
        SlidingWindowCounter.Check(rig.Table, limit, ref first, Start);
        Assert.Equal(TakeResult.Taken, SlidingWindowCounter.Take(rig.Table, limit, ref first, Start));
        SlidingWindowCounter.Charge(rig.Table, limit, ref first, 12, Start + Second);
        Assert.Equal(20UL, Used(rig, limit, Start + Second));
        Assert.Equal(0UL, Used(rig, limit, Start + (3 * Second)));
    }

    [Fact]
    public void WaitSeconds_AfterARefusal_IsWhenEnoughPartsHaveLeft()
    {
        using var rig = new CounterRig();
        var limit = rig.Sliding(TimeSpan.FromSeconds(4), 4);
        Assert.Equal(TakeResult.Taken, Take(rig, limit, 4, 10, Start));
        Assert.Equal(TakeResult.Taken, Take(rig, limit, 6, 10, Start + (2 * Second)));
        Assert.Equal(3, Wait(rig, limit, 4, 10, Start + (2 * Second)));
        Assert.Equal(5, Wait(rig, limit, 5, 10, Start + (2 * Second)));
        Assert.Equal(4, Wait(rig, limit, 11, 10, Start + (2 * Second)));
    }

    [Fact]
    public void Take_WithAnOldClockReading_CountsInTheLatestPart()
    {
        using var rig = new CounterRig();
        var limit = rig.Sliding(TimeSpan.FromSeconds(4), 4);
        Assert.Equal(TakeResult.Taken, Take(rig, limit, 4, 10, Start + (2 * Second)));
        Assert.Equal(TakeResult.Taken, Take(rig, limit, 6, 10, Start));
        Assert.Equal(10UL, Used(rig, limit, Start + (6 * Second)));
        Assert.Equal(0UL, Used(rig, limit, Start + (7 * Second)));
    }

    private static TakeResult Take(CounterRig rig, WindowLimit limit, ulong cost, ulong capacity, long now)
    {
        var request = rig.Ask(0, cost, capacity);
        SlidingWindowCounter.Check(rig.Table, limit, ref request, now);
        return SlidingWindowCounter.Take(rig.Table, limit, ref request, now);
    }

    private static int Wait(CounterRig rig, WindowLimit limit, ulong cost, ulong capacity, long now)
    {
        var request = rig.Ask(0, cost, capacity);
        return SlidingWindowCounter.WaitSeconds(rig.Table, limit, ref request, now);
    }

    private static ulong Used(CounterRig rig, WindowLimit limit, long now)
    {
        var request = rig.Ask(0, 1, 1);
        SlidingWindowCounter.Check(rig.Table, limit, ref request, now);
        return request.Deficit;
    }
}
