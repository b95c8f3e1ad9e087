using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Counters;

public sealed class LoopCounterTests
{
    private static readonly LoopDetectionDefinition ThreeInAMinute = new() { Threshold = 3, WindowSeconds = 60 };

    [Fact]
    public void Take_NthRepeat_IsRefusedUntilTheWindowEnds()
    {
        using var bench = new GuardBench();
        var limit = bench.Loop(ThreeInAMinute);
        Assert.True(bench.Passes(limit, "GET /v1/x?a=1"));
        bench.Advance(20);
        Assert.True(bench.Passes(limit, "GET /v1/x?a=1"));
        Assert.False(bench.Passes(limit, "GET /v1/x?a=1"));
        bench.Advance(39.998);
        Assert.False(bench.Passes(limit, "GET /v1/x?a=1"));
        bench.Advance(0.002);
        Assert.True(bench.Passes(limit, "GET /v1/x?a=1"));
    }

    [Theory]
    [InlineData("GET /v1/x?b=2&a=1", false)]
    [InlineData("GET /v1/x?&a=1&&b=2&", false)]
    [InlineData("GET /v1/x?a=1&b=3", true)]
    [InlineData("GET /v1/x?a=1&b=2&c=3", true)]
    [InlineData("GET /v1/x?a=1", true)]
    [InlineData("GET /v1/x", true)]
    [InlineData("GET /v1/y?a=1&b=2", true)]
    [InlineData("POST /v1/x?a=1&b=2", true)]
    [InlineData("GET /v1/x?a=1b=2", true)]
    public void Check_OtherRequest_CountsOnItsOwnUnlessOnlyParametersMoved(string other, bool passes)
    {
        using var bench = new GuardBench();
        var limit = bench.Loop(ThreeInAMinute);
        Assert.True(bench.Passes(limit, "GET /v1/x?a=1&b=2"));
        Assert.True(bench.Passes(limit, "GET /v1/x?a=1&b=2"));
        Assert.Equal(passes, bench.Passes(limit, other));
    }

    [Fact]
    public void Check_RepeatedParameter_KeepsItsOrder()
    {
        using var bench = new GuardBench();
        var limit = bench.Loop(ThreeInAMinute);
        Assert.True(bench.Passes(limit, "GET /?a=1&a=2"));
        Assert.True(bench.Passes(limit, "GET /?a=1&a=2"));
        Assert.True(bench.Passes(limit, "GET /?a=2&a=1"));
    }

    [Fact]
    public void Check_OtherCallerPolicyOrBody_CountsOnItsOwn()
    {
        using var bench = new GuardBench();
        var limit = bench.Loop(ThreeInAMinute);
        bench.Passes(limit, body: Body);
        bench.Passes(limit, body: Body);
        Assert.False(bench.Passes(limit, body: Body));
        Assert.True(bench.Passes(limit, caller: "b", body: Body));
        Assert.True(bench.Passes(limit));
        Assert.True(bench.Passes(bench.Loop(ThreeInAMinute, "q"), body: Body));
        static void Body(BodyFacts facts)
        {
            facts.IsRead = true;
            facts.HashLow = 7;
        }
    }

    [Fact]
    public void Take_Throttle_WaitsAHundredMillisecondsARepeatUpToThirtySeconds()
    {
        using var bench = new GuardBench();
        var limit = bench.Loop(ThreeInAMinute with { Action = LoopAction.Throttle });
        for (var repeat = 1; repeat <= 400; repeat++)
        {
            Assert.True(bench.Passes(limit, out var delay));
            Assert.Equal(repeat < 3 ? 0 : Math.Min(repeat * 100, 30_000), delay);
        }
    }

    [Fact]
    public void GiveBack_AfterTake_LeavesNoTrace()
    {
        using var bench = new GuardBench();
        var limit = bench.Loop(ThreeInAMinute with { Near = true });
        for (var i = 0; i < 100; i++)
        {
            bench.Fill("a");
            bench.Facts.Body.Similarity = ulong.MaxValue;
            bench.Facts.Body.ToolCall = 9;
            var request = new RequestView("GET"u8, default, "/"u8, bench.Facts);
            for (var part = LoopPart.Exact; part <= LoopPart.Cycle; part++)
            {
                Reservation reservation = default;
                Assert.True(LoopCounter.Check(bench.Table, limit, part, in request, shadow: false, ref reservation, bench.Nanoseconds));
                Assert.Equal(0UL, reservation.Deficit);
                Assert.Equal(TakeResult.Taken, LoopCounter.Take(bench.Table, limit, ref reservation, bench.Nanoseconds));
                LoopCounter.GiveBack(bench.Table, limit, ref reservation, bench.Nanoseconds);
            }
        }
    }

    [Fact]
    public void RetryAfter_RefusedRequest_IsTheRestOfTheWindow()
    {
        using var bench = new GuardBench();
        var limit = bench.Loop(ThreeInAMinute);
        bench.Passes(limit);
        bench.Passes(limit);
        bench.Advance(12.5);
        bench.Fill("a");
        var request = new RequestView("GET"u8, default, "/"u8, bench.Facts);
        Reservation reservation = default;
        LoopCounter.Check(bench.Table, limit, LoopPart.Exact, in request, shadow: false, ref reservation, bench.Nanoseconds);
        Assert.True(LoopCounter.IsLoop(limit, in reservation));
        Assert.Equal(48, LoopCounter.RetryAfterSeconds(in reservation, bench.Nanoseconds));
    }

    [Fact]
    public async Task Take_ManyAtOnce_AdmitExactlyBelowTheThreshold()
    {
        using var bench = new GuardBench();
        var limit = bench.Loop(ThreeInAMinute with { Threshold = 1000 });
        var admitted = 0;
        var table = bench.Table;
        var now = bench.Nanoseconds;
        var plan = new FactPlan([GuardBench.Caller]);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            var facts = new FactSet();
            for (var i = 0; i < 1000; i++)
            {
                facts.Begin(plan);
                facts.Set(0, "a"u8);
                var request = new RequestView("GET"u8, default, "/"u8, facts);
                Reservation reservation = default;
                LoopCounter.Check(table, limit, LoopPart.Exact, in request, shadow: false, ref reservation, now);
                if (LoopCounter.Take(table, limit, ref reservation, now) == TakeResult.Taken)
                {
                    Interlocked.Increment(ref admitted);
                }
            }
        })));
        Assert.Equal(999, admitted);
    }
}
