using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Counters;

public sealed class BreakerCounterTests
{
    private static readonly CircuitBreakerDefinition HundredAMinute = new()
    {
        ThresholdPerMinute = 100,
        AutoReset = TimeSpan.FromMinutes(5),
        HalfOpenRequests = 3,
    };

    [Fact]
    public void Take_RateReachesTheThreshold_OpensAndRefusesThatRequest()
    {
        using var bench = new GuardBench();
        var limit = bench.Breaker(HundredAMinute);
        Assert.Equal(BreakerPhase.Pass, bench.Spend(limit, 99));
        Assert.Equal(BreakerPhase.Trip, bench.Spend(limit, 1));
        Assert.Equal(BreakerPhase.Refuse, bench.Spend(limit, 1, out var refused));
        Assert.Equal(300, BreakerCounter.RetryAfterSeconds(limit, in refused, bench.Nanoseconds));
        Assert.Equal(1, limit.Tally.Opened);
        Assert.Equal(BreakerPhase.Pass, bench.Spend(limit, 1, "b"));
    }

    [Fact]
    public void Check_NextMinute_CountsWhatTheSlidingMinuteStillCovers()
    {
        using var bench = new GuardBench();
        var limit = bench.Breaker(HundredAMinute);
        Assert.Equal(BreakerPhase.Pass, bench.Spend(limit, 80));

        // The test clock starts with a minute. A quarter of the next one gone, three quarters of the 80 still count.
        bench.Advance(75);
        Assert.Equal(BreakerPhase.Pass, bench.Spend(limit, 39, out var reservation));
        Assert.Equal(60UL * WindowLimit.UnitsPerToken, reservation.Deficit);
        Assert.Equal(BreakerPhase.Trip, bench.Spend(limit, 1));
    }

    [Fact]
    public void Check_AfterAutoReset_LetsAFewThroughAndClosesAfterAMinute()
    {
        using var bench = new GuardBench();
        var limit = bench.Breaker(HundredAMinute);
        bench.Spend(limit, 100);
        bench.Advance(299.9);
        Assert.Equal(BreakerPhase.Refuse, bench.Spend(limit, 1));
        bench.Advance(0.2);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(BreakerPhase.Probe, bench.Spend(limit, 10));
        }

        bench.Advance(30);
        Assert.Equal(BreakerPhase.Refuse, bench.Spend(limit, 1, out var refused));
        Assert.Equal(30, BreakerCounter.RetryAfterSeconds(limit, in refused, bench.Nanoseconds));
        bench.Advance(30);
        Assert.Equal(BreakerPhase.Pass, bench.Spend(limit, 1));
        Assert.Equal((1, 1, 1), ((int)limit.Tally.Opened, (int)limit.Tally.HalfOpened, (int)limit.Tally.Closed));
    }

    [Fact]
    public void Complete_AllHalfOpenRequestsDone_ClosesAtOnce()
    {
        using var bench = new GuardBench();
        var limit = bench.Breaker(HundredAMinute);
        bench.Spend(limit, 100);
        bench.Advance(301);
        var probes = new Reservation[3];
        for (var i = 0; i < 3; i++)
        {
            bench.Spend(limit, 10, out probes[i]);
        }

        Assert.Equal(BreakerPhase.Refuse, bench.Spend(limit, 1));
        for (var i = 0; i < 3; i++)
        {
            BreakerCounter.Complete(bench.Table, limit, ref probes[i], bench.Nanoseconds);
        }

        // What was spent half-open still counts.
        Assert.Equal(BreakerPhase.Pass, bench.Spend(limit, 1, out var passed));
        Assert.Equal(30UL * WindowLimit.UnitsPerToken, passed.Deficit);
    }

    [Fact]
    public void Take_TripWhileHalfOpen_OpensAgain()
    {
        using var bench = new GuardBench();
        var limit = bench.Breaker(HundredAMinute);
        bench.Spend(limit, 100);
        bench.Advance(301);
        Assert.Equal(BreakerPhase.Probe, bench.Spend(limit, 60));
        Assert.Equal(BreakerPhase.Trip, bench.Spend(limit, 40));
        Assert.Equal(BreakerPhase.Refuse, bench.Spend(limit, 1, out var refused));
        Assert.Equal(300, BreakerCounter.RetryAfterSeconds(limit, in refused, bench.Nanoseconds));
        Assert.Equal(2, limit.Tally.Opened);
    }

    [Fact]
    public void Reset_ByHand_ClosesWhatNeverClosesByItself()
    {
        using var bench = new GuardBench();
        var limit = bench.Breaker(HundredAMinute with { AutoReset = TimeSpan.Zero });
        bench.Spend(limit, 100);
        bench.Spend(limit, 100, "b");
        bench.Advance(86400 * 365.0);
        Assert.Equal(BreakerPhase.Refuse, bench.Spend(limit, 1, out var refused));
        Assert.Equal(3600, BreakerCounter.RetryAfterSeconds(limit, in refused, bench.Nanoseconds));
        Assert.True(BreakerCounter.Reset(bench.Table, limit, bench.Nanoseconds));
        Assert.Equal(BreakerPhase.Pass, bench.Spend(limit, 1));
        Assert.Equal(BreakerPhase.Pass, bench.Spend(limit, 1, "b"));
        Assert.Equal(BreakerPhase.Trip, bench.Spend(limit, 99));
        Assert.Equal(BreakerPhase.Refuse, bench.Spend(limit, 1));
    }

    [Fact]
    public void GiveBack_AfterTake_LeavesTheRateAsItWas()
    {
        using var bench = new GuardBench();
        var limit = bench.Breaker(HundredAMinute);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(BreakerPhase.Pass, bench.Spend(limit, 99, out var reservation));
            BreakerCounter.GiveBack(bench.Table, limit, ref reservation, bench.Nanoseconds);
        }
    }

    [Fact]
    public async Task Take_ManyAtOnce_OpensOnceAndNeverSpendsTheThreshold()
    {
        for (var round = 0; round < 50; round++)
        {
            using var bench = new GuardBench();
            var limit = bench.Breaker(HundredAMinute);
            var table = bench.Table;
            var now = bench.Nanoseconds;
            var passed = 0;
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                using var other = new GuardBench(CounterTable.MinMemoryBytes);
                for (var i = 0; i < 50; i++)
                {
                    other.Fill("a");
                    var request = new EdgeGuard.Engine.Decide.RequestView("GET"u8, default, "/"u8, other.Facts);
                    Reservation reservation = default;
                    var phase = BreakerCounter.Check(
                        table, limit, in request, WindowLimit.UnitsPerToken, shadow: false, ref reservation, now);
                    if (phase == BreakerPhase.Trip)
                    {
                        BreakerCounter.Trip(table, limit, ref reservation, now);
                    }
                    else if (phase == BreakerPhase.Pass
                        && BreakerCounter.Take(table, limit, ref reservation, now) == TakeResult.Taken)
                    {
                        Interlocked.Increment(ref passed);
                    }
                }
            })));
            Assert.Equal(99, passed);
            Assert.Equal(1, limit.Tally.Opened);
        }
    }
}
