using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Decide;

public sealed class AdmissionTests
{
    /// <summary>Every pair of outcomes of two limits, in one policy and in two: both take or none does.</summary>
    [Theory]
    [InlineData(true, true, false)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, false)]
    [InlineData(true, true, true)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    [InlineData(false, false, true)]
    public void Decide_TwoLimits_BothTakeOrNoneDoes(bool firstHolds, bool secondHolds, bool twoPolicies)
    {
        var rules = new[] { Rule("first", 1, 5), Rule("second", 1, 5) };
        using var harness = new Harness(
            twoPolicies ? [Policy("a", rules[0]), Policy("b", rules[1])] : [Policy("p", rules)]);
        var drain = twoPolicies
            ? new[] { Policy("a", rules[0]), Policy("b", rules[1]) }
            : [Policy("p", rules[0]), Policy("p", rules[1])];
        Drain(harness, drain[0], firstHolds ? 2 : 5);
        Drain(harness, drain[1], secondHolds ? 3 : 5);
        harness.Reload(twoPolicies ? [Policy("a", rules[0]), Policy("b", rules[1])] : [Policy("p", rules)]);
        var decision = harness.Decide();
        var both = firstHolds && secondHolds;
        Assert.Equal(both ? Verdict.Allow : Verdict.Reject, decision.Verdict);
        Assert.Equal((firstHolds ? 3 : 0) - (both ? 1 : 0), Left(harness, drain[0]));
        Assert.Equal((secondHolds ? 2 : 0) - (both ? 1 : 0), Left(harness, drain[1]));
    }

    [Fact]
    public void Decide_RefusedByAMissingDescriptor_TakesNothingFromOtherRules()
    {
        using var harness = new Harness(Policy("p", Rule("counted", 1, 3), Rule("keyed", 1, 3, Header("k"))));
        for (var i = 0; i < 10; i++)
        {
            var decision = harness.Decide();
            Assert.Equal((Reason.DescriptorMissing, (short)403), (decision.Reason, decision.Status));
        }

        Assert.Equal(3, harness.Admitted(10, values: (Header("k"), "x")));
    }

    [Fact]
    public void Decide_CostAboveBurst_IsRefusedForEverWithAFiniteWait()
    {
        var rule = Rule("r", 2, 10).WithCost(new EdgeGuard.Bundles.Model.CostSource(null, 30, 1, 1));
        using var harness = new Harness(Policy("p", rule));
        var decision = harness.Decide();
        Assert.Equal(Verdict.Reject, decision.Verdict);
        Assert.Equal((10L, 10L, 10), (decision.Limit, decision.Remaining, decision.RetryAfterSeconds));
    }

    private static void Drain(Harness harness, EdgeGuard.Bundles.Model.PolicyDefinition policy, int requests)
    {
        harness.Reload(policy);
        Assert.Equal(requests, harness.Admitted(requests));
    }

    private static int Left(Harness harness, EdgeGuard.Bundles.Model.PolicyDefinition policy)
    {
        harness.Reload(policy);
        return harness.Admitted(10);
    }
}
