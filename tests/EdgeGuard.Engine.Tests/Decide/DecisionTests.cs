using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Engine.Tests.Support;
using EdgeGuard.Testing;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Decide;

public sealed class DecisionTests
{
    [Fact]
    public void Decide_WithNoBundle_RefusesWith503()
    {
        using var harness = new Harness(Policy("p"));
        harness.Snapshot = PolicySnapshot.Empty;
        var decision = harness.Decide();
        Assert.Equal((Verdict.Reject, Reason.NoBundleLoaded, (short)503), (decision.Verdict, decision.Reason, decision.Status));
    }

    [Fact]
    public void Decide_WithNoMatchingPolicy_AllowsWithoutNumbers()
    {
        using var harness = new Harness(Policy("p", Rule("r", 1, 1)) with { Selector = new SelectorDefinition { PathExact = "/x" } });
        var decision = harness.Decide("GET localhost/y");
        Assert.Equal(Verdict.Allow, decision.Verdict);
        Assert.False(decision.HasLimit);
        Assert.Equal(Decision.None, decision.MatchedPolicy);
        Assert.Equal(200, decision.Status);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(7, 10)]
    [InlineData(9, 9)]
    [InlineData(33.3, 100)]
    [InlineData(99, 990)]
    [InlineData(0.1, 3)]
    [InlineData(1e6, 1_000_000)]
    public void Decide_TokenBucket_AdmitsExactlyTheBurstAndThenTheRate(double rate, int burst)
    {
        using var harness = new Harness(Policy("p", Rule("r", rate, burst)));
        Assert.Equal(burst, harness.Admitted(burst + 10));
        harness.Nanoseconds += 10_000_000_000;
        var refilled = (int)Math.Min(burst, Math.Round(rate * 10, 6));
        Assert.Equal(refilled, harness.Admitted(Math.Min(burst, refilled + 10) + 10));
    }

    [Fact]
    public void Decide_Denied_TellsNumbersOfTheLimit()
    {
        using var harness = new Harness(Policy("p", Rule("r", 0.5, 2)));
        var first = harness.Decide();
        Assert.Equal((true, 2L, 1L, 2, 0), (first.HasLimit, first.Limit, first.Remaining, first.ResetSeconds, first.RetryAfterSeconds));
        harness.Decide();
        var denied = harness.Decide();
        Assert.Equal((Verdict.Reject, Reason.TokenBucketExceeded, (short)429), (denied.Verdict, denied.Reason, denied.Status));
        Assert.Equal((2L, 0L, 4, 2), (denied.Limit, denied.Remaining, denied.ResetSeconds, denied.RetryAfterSeconds));
        harness.Advance(2);
        Assert.Equal(Verdict.Allow, harness.Decide().Verdict);
    }

    [Fact]
    public void Decide_SeveralLimits_TellsTheTightest()
    {
        using var harness = new Harness(Policy("p", Rule("wide", 100, 100), Rule("tight", 4, 4)));
        var decision = harness.Decide();
        Assert.Equal("tight", harness.Snapshot.RuleName(decision.Rule));
        Assert.Equal(3, decision.Remaining);
    }

    [Fact]
    public void Decide_SeveralDenials_TellsTheLongestWait()
    {
        using var harness = new Harness(Policy("p", Rule("short", 1, 1), Rule("long", 0.1, 1)));
        harness.Decide();
        var decision = harness.Decide();
        Assert.Equal("long", harness.Snapshot.RuleName(decision.Rule));
        Assert.Equal(10, decision.RetryAfterSeconds);
    }

    [Fact]
    public void Decide_SteadyState_AllocatesNothing()
    {
        using var harness = new Harness(Policy("p", Rule("r", 1, 10, Header("x")), Rule("s", 5, 1000)));
        var facts = new Engine.Facts.FactSet();
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                facts.Begin(harness.Snapshot.Facts);
                facts.Set(0, "tenant"u8);
                var view = new RequestView("GET"u8, "localhost"u8, "/v1/items"u8, facts);
                harness.Engine.Decide(harness.Snapshot, in view, harness.Now, out _);
            }
        }));
    }
}
