using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Counters;

public sealed class ConcurrencyStormTests
{
    private const int Threads = 4;
    private const int Rounds = 30_000;
    private const int Held = 24;

    // With few names every one of them is at its limit; with many their cells are forgotten and claimed again all the time, and with more
    // than there are cells some of them share the overflow counter.
    [Theory]
    [InlineData(1, 5)]
    [InlineData(40, 2)]
    [InlineData(6_000, 1)]
    public void InFlight_FromManyThreads_IsNeverOverAndEndsAtNothing(int names, int limitOf)
    {
        Seeds.Next(out var seed);
        using var rig = new CounterRig();
        var limit = rig.Concurrency();
        var inFlight = new int[names];
        var over = 0;
        Storm.Run(Threads, thread =>
        {
            var random = new Random(seed + thread);
            var held = new Queue<(int Name, Reservation Request)>();
            for (var i = 0; i < Rounds; i++)
            {
                var name = random.Next(names);
                var request = rig.Ask(name, 1, (ulong)limitOf);
                ConcurrencyCounter.Check(rig.Table, limit, ref request);
                if (ConcurrencyCounter.Take(rig.Table, limit, ref request, CounterRig.Start) == TakeResult.Taken)
                {
                    over += Interlocked.Increment(ref inFlight[name]) > limitOf ? 1 : 0;
                    held.Enqueue((name, request));
                }

                var keep = i == Rounds - 1 ? 0 : random.Next(Held);
                while (held.Count > keep)
                {
                    var (last, done) = held.Dequeue();
                    Interlocked.Decrement(ref inFlight[last]);
                    ConcurrencyCounter.Release(rig.Table, limit, ref done);
                }
            }
        });

        Assert.Equal(0, over);
        for (var name = 0; name < names; name++)
        {
            var request = rig.Ask(name, 1, (ulong)limitOf);
            ConcurrencyCounter.Check(rig.Table, limit, ref request);
            Assert.Equal(0UL, request.Deficit);
        }
    }

    [Fact]
    public void InFlight_BeyondTheTable_IsNeverOverByTheOverflowCounter()
    {
        using var rig = new CounterRig();
        var limit = rig.Concurrency();
        var held = new List<(int Name, Reservation Request)>();
        for (var name = 0; name < 4_000; name++)
        {
            if (Take(rig, limit, name, 3, out var request) == TakeResult.Taken)
            {
                held.Add((name, request));
            }
        }

        var shared = held.Where(h => h.Request.InOverflow).ToList();
        Assert.Equal(3, shared.Count);

        // Those who have a cell from before do not pay for the newcomers.
        var old = held.Where(h => !h.Request.InOverflow).ToList();
        foreach (var (name, _) in old)
        {
            Assert.Equal(TakeResult.Taken, Take(rig, limit, name, 3, out _));
        }

        // One that held a slot among the newcomers and then gets a cell of its own counts both until the newcomers have none.
        var (newcomer, first) = shared[0];
        foreach (var (_, request) in old)
        {
            var done = request;
            ConcurrencyCounter.Release(rig.Table, limit, ref done);
            ConcurrencyCounter.Release(rig.Table, limit, ref done);
        }

        ConcurrencyCounter.Release(rig.Table, limit, ref first);
        Assert.Equal(TakeResult.Taken, Take(rig, limit, newcomer, 3, out var own));
        Assert.False(own.InOverflow);
        Assert.Equal(TakeResult.Exceeded, Take(rig, limit, newcomer, 3, out _));
        for (var i = 1; i < shared.Count; i++)
        {
            var done = shared[i].Request;
            ConcurrencyCounter.Release(rig.Table, limit, ref done);
        }

        Assert.Equal(TakeResult.Taken, Take(rig, limit, newcomer, 3, out _));
        Assert.Equal(TakeResult.Taken, Take(rig, limit, newcomer, 3, out _));
        Assert.Equal(TakeResult.Exceeded, Take(rig, limit, newcomer, 3, out _));
    }

    private static TakeResult Take(CounterRig rig, ConcurrencyLimit limit, int name, ulong capacity, out Reservation request)
    {
        request = rig.Ask(name, 1, capacity);
        ConcurrencyCounter.Check(rig.Table, limit, ref request);
        return ConcurrencyCounter.Take(rig.Table, limit, ref request, CounterRig.Start);
    }
}
