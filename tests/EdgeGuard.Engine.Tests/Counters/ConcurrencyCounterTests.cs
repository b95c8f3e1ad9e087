using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Counters;

public sealed class ConcurrencyCounterTests
{
    private const long Now = CounterRig.Start;

    [Fact]
    public void Take_UpToTheLimit_RefusesUntilOneIsReleased()
    {
        using var rig = new CounterRig();
        var limit = rig.Concurrency();
        Assert.Equal(TakeResult.Taken, Take(rig, limit, 0, out var first));
        Assert.Equal(TakeResult.Taken, Take(rig, limit, 0, out var second));
        Assert.Equal(TakeResult.Exceeded, Take(rig, limit, 0, out _));
        Assert.Equal(TakeResult.Taken, Take(rig, limit, 1, out _));
        ConcurrencyCounter.Release(rig.Table, limit, ref first);
        Assert.Equal(TakeResult.Taken, Take(rig, limit, 0, out _));
        ConcurrencyCounter.Release(rig.Table, limit, ref second);
        Assert.Equal(1UL, InFlight(rig, limit, 0));
    }

    [Fact]
    public void Release_AfterTheCountersWereCleared_ChangesNothing()
    {
        using var rig = new CounterRig();
        var limit = rig.Concurrency();
        Assert.Equal(TakeResult.Taken, Take(rig, limit, 0, out var old));
        rig.Table.Clear();
        Assert.Equal(0UL, InFlight(rig, limit, 0));
        Assert.Equal(TakeResult.Taken, Take(rig, limit, 0, out _));
        ConcurrencyCounter.Release(rig.Table, limit, ref old);
        Assert.Equal(1UL, InFlight(rig, limit, 0));
    }

    [Fact]
    public void Take_MoreNamesThanCells_ReusesThoseWithNothingInFlight()
    {
        using var rig = new CounterRig();
        var limit = rig.Concurrency();
        for (var i = 0; i < 10_000; i++)
        {
            Assert.Equal(TakeResult.Taken, Take(rig, limit, i, out var request));
            ConcurrencyCounter.Release(rig.Table, limit, ref request);
            Assert.False(request.InOverflow);
        }

        Assert.Equal(0, rig.Table.FullSets);
    }

    private static TakeResult Take(CounterRig rig, ConcurrencyLimit limit, int key, out Reservation request)
    {
        request = rig.Ask(key, 1, 2);
        ConcurrencyCounter.Check(rig.Table, limit, ref request);
        return ConcurrencyCounter.Take(rig.Table, limit, ref request, Now);
    }

    private static ulong InFlight(CounterRig rig, ConcurrencyLimit limit, int key)
    {
        var request = rig.Ask(key, 1, 2);
        ConcurrencyCounter.Check(rig.Table, limit, ref request);
        return request.Deficit;
    }
}
