using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Engine.Tests.Counters;

public sealed class WindowOverflowTests
{
    private const long Second = CounterRig.Second;
    private const long Start = CounterRig.Start;
    private const int Crowd = 4_000;

    [Fact]
    public void Budget_MoreNamesThanCells_ShareOneOverflowBudgetInEachWindow()
    {
        using var rig = new CounterRig();
        var limit = rig.Window(new FixedCalendar(60 * Second));
        var shared = Fill(rig, (key, now) => Take(rig, limit, key, 1, now), Start);
        Assert.Equal(10, shared.Count);
        Assert.Equal(TakeResult.Exceeded, Take(rig, limit, shared[0], 1, Start).Result);

        // A window later all cells may be forgotten, and everybody has a budget of his own.
        var (result, request) = Take(rig, limit, shared[0], 10, Start + (60 * Second));
        Assert.Equal(TakeResult.Taken, result);
        Assert.False(request.InOverflow);
    }

    [Fact]
    public void Budget_NewcomerThatGetsACell_BeginsWithWhatTheNewcomersHadAndIsChargedInBoth()
    {
        using var rig = new CounterRig();
        var limit = rig.Window(new FixedCalendar(60 * Second));
        var idle = rig.Concurrency(rule: -2);
        var places = new List<Reservation>();
        for (var key = 0; key < Crowd; key++)
        {
            // Cells of requests in flight fill the table: they can be given up within the window.
            var place = rig.Ask(key, 1, 1);
            ConcurrencyCounter.Check(rig.Table, idle, ref place);
            if (ConcurrencyCounter.Take(rig.Table, idle, ref place, Start) == TakeResult.Taken && !place.InOverflow)
            {
                places.Add(place);
            }
        }

        var newcomer = -1;
        var early = default(Reservation);
        for (var key = 100_000; newcomer < 0; key++)
        {
            var (result, request) = Take(rig, limit, key, 4, Start);
            Assert.Equal(TakeResult.Taken, result);
            (newcomer, early) = request.InOverflow ? (key, request) : (newcomer, early);
        }

        for (var i = 0; i < places.Count; i++)
        {
            var place = places[i];
            ConcurrencyCounter.Release(rig.Table, idle, ref place);
        }

        Assert.Equal(4UL, Used(rig, limit, newcomer, Start));
        var (taken, own) = Take(rig, limit, newcomer, 3, Start);
        Assert.Equal((TakeResult.Taken, false), (taken, own.InOverflow));
        Assert.Equal(7UL, Used(rig, limit, newcomer, Start));
        WindowCounter.Charge(rig.Table, limit, ref early, 2, Start);
        Assert.Equal(9UL, Used(rig, limit, newcomer, Start));
        Assert.Equal(TakeResult.Exceeded, Take(rig, limit, newcomer, 2, Start).Result);
        WindowCounter.GiveBack(rig.Table, limit, ref own, 3);
        Assert.Equal(6UL, Used(rig, limit, newcomer, Start));
    }

    [Fact]
    public void Sliding_MoreNamesThanCells_ShareOneOverflowLimitInEveryWindow()
    {
        using var rig = new CounterRig();
        var limit = rig.Sliding(TimeSpan.FromSeconds(4), 4);
        var shared = Fill(rig, (key, now) => Take(rig, limit, key, 1, now), Start);
        Assert.Equal(10, shared.Count);
        for (var second = 0; second <= 4; second++)
        {
            Assert.Equal(TakeResult.Exceeded, Take(rig, limit, shared[0], 10, Start + (second * Second)).Result);
        }

        Assert.Equal(TakeResult.Taken, Take(rig, limit, shared[0], 10, Start + (5 * Second)).Result);
    }

    [Fact]
    public void Budget_ManyLimitsAndNoOverflowCounterLeft_AreFullAndNeverOver()
    {
        using var rig = new CounterRig();
        var crowd = rig.Window(new FixedCalendar(60 * Second));
        Fill(rig, (key, now) => Take(rig, crowd, key, 1, now), Start);
        var full = 0;
        for (var rule = 10; rule < 800; rule++)
        {
            var limit = rig.Window(new FixedCalendar(60 * Second), -rule);
            for (var key = 0; key < 8; key++)
            {
                var (result, _) = Take(rig, limit, (rule * 1000) + key, 10, Start);
                Assert.NotEqual(TakeResult.Exceeded, key == 0 ? result : TakeResult.Taken);
                full += result == TakeResult.Full ? 1 : 0;
            }
        }

        Assert.True(full > 0);
    }

    [Fact]
    public void Counters_SteadyState_AllocateNothing()
    {
        using var rig = new CounterRig();
        var budget = rig.Window(rig.Table.Calendars.For(new() { Period = Bundles.Model.BudgetPeriod.Month, TimeZone = "Europe/Berlin" }));
        var sliding = rig.Sliding(TimeSpan.FromSeconds(10), 10);
        var flight = rig.Concurrency();
        var now = Start;
        var ask = rig.Ask(0, 1, 100);
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                var request = ask;
                WindowCounter.Check(rig.Table, budget, ref request, now);
                WindowCounter.Take(rig.Table, budget, ref request, now);
                WindowCounter.GiveBack(rig.Table, budget, ref request, 1);
                WindowCounter.ResetSeconds(budget, now);
                request = ask;
                SlidingWindowCounter.Check(rig.Table, sliding, ref request, now);
                SlidingWindowCounter.Take(rig.Table, sliding, ref request, now);
                SlidingWindowCounter.Charge(rig.Table, sliding, ref request, 1, now);
                SlidingWindowCounter.GiveBack(rig.Table, sliding, ref request, 2);
                SlidingWindowCounter.WaitSeconds(rig.Table, sliding, ref request, now);
                request = ask;
                ConcurrencyCounter.Check(rig.Table, flight, ref request);
                ConcurrencyCounter.Take(rig.Table, flight, ref request, now);
                ConcurrencyCounter.Release(rig.Table, flight, ref request);
            }
        }));
    }

    // Names of one limit until its share is full; the names that were charged to the overflow counter.
    private static List<int> Fill(CounterRig rig, Func<int, long, (TakeResult Result, Reservation Request)> take, long now)
    {
        var shared = new List<int>();
        for (var key = 0; key < Crowd; key++)
        {
            var (result, request) = take(key, now);
            if (result == TakeResult.Taken && request.InOverflow)
            {
                shared.Add(key);
            }
        }

        Assert.True(rig.Table.Overflows > 0);
        return shared;
    }

    private static (TakeResult Result, Reservation Request) Take(CounterRig rig, WindowLimit limit, int key, ulong cost, long now)
    {
        var request = rig.Ask(key, cost, 10);
        if (limit.Parts > 0)
        {
            SlidingWindowCounter.Check(rig.Table, limit, ref request, now);
            return (SlidingWindowCounter.Take(rig.Table, limit, ref request, now), request);
        }

        WindowCounter.Check(rig.Table, limit, ref request, now);
        return (WindowCounter.Take(rig.Table, limit, ref request, now), request);
    }

    private static ulong Used(CounterRig rig, WindowLimit limit, int key, long now)
    {
        var request = rig.Ask(key, 1, 1);
        WindowCounter.Check(rig.Table, limit, ref request, now);
        return request.Deficit;
    }
}
