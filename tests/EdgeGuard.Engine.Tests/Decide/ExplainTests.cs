using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Decide;

public sealed class ExplainTests
{
    [Fact]
    public void Explain_Request_TellsEachRuleAndTakesNothing()
    {
        using var harness = new Harness(
            Policy("a", Rule("other", 1, 5).When(Header("tier"), "gold"), Rule("limit", 1, 3)),
            Policy("b", Rule("keyed", 1, 3, Header("k")) with { OnMissing = OnMissing.Allow }),
            Policy("c", Rule("strict", 1, 3, Header("k"))).AsShadow(),
            Policy("d", Rule("claims", 1, 3, Claim("sub"))).AsShadow());
        harness.Decide(values: (Claim("sub"), "x"));
        for (var i = 0; i < 5; i++)
        {
            var trace = harness.Explain(values: (Claim("sub"), null));
            Assert.Equal(Verdict.Allow, trace.Decision.Verdict);
            Assert.Equal(
                ["a other not_matched", "a limit allowed", "b keyed missing_descriptor", "c strict missing_descriptor", "d claims unverifiable"],
                trace.Steps.Select(s => $"{s.Policy} {s.Rule} {s.Outcome}"));
            Assert.Equal([false, false, false, true, true], trace.Steps.Select(s => s.Shadow));
            Assert.Equal((3L, 2L, 1L), (trace.Steps[1].Limit, trace.Steps[1].RemainingBefore, trace.Steps[1].RemainingAfter));
        }
    }

    [Fact]
    public void Explain_Denied_TellsTheWait()
    {
        using var harness = new Harness(Policy("a", Rule("limit", 0.5, 1)));
        harness.Decide();
        var trace = harness.Explain();
        Assert.Equal(Reason.TokenBucketExceeded, trace.Decision.Reason);
        Assert.Equal("the limit does not hold the cost for another 2 s", Assert.Single(trace.Steps).Why);
    }

    [Fact]
    public void Explain_Killed_TellsTheSwitchAndNeverTheValue()
    {
        using var harness = new Harness(Policy("a", Rule("limit", 1, 1)));
        harness.Snapshot = harness.Snapshot.WithLocalKillSwitches([Kill("k", Header("key"), "secret value", "/x")]);
        var step = Assert.Single(harness.Explain("GET h/x", (Header("key"), "secret value")).Steps);
        Assert.Equal(("k", "denied"), (step.Rule, step.Outcome));
        Assert.DoesNotContain("secret", step.Why, StringComparison.Ordinal);
    }
}
