using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Decide;

public sealed class ShadowTests
{
    [Fact]
    public void Decide_ShadowPolicyWouldRefuse_AllowsAndTellsIt()
    {
        using var harness = new Harness(Policy("s", Rule("r", 1, 1)).AsShadow());
        Assert.Equal(Reason.None, harness.Decide().ShadowReason);
        var decision = harness.Decide();
        Assert.Equal((Verdict.Allow, Reason.None, Reason.TokenBucketExceeded), (decision.Verdict, decision.Reason, decision.ShadowReason));
        Assert.Equal(("s", "r"), (harness.Snapshot.PolicyId(decision.ShadowPolicy), harness.Snapshot.RuleName(decision.ShadowRule)));
        Assert.False(decision.HasLimit);
        Assert.Equal(0, decision.RetryAfterSeconds);
    }

    [Fact]
    public void Decide_ShadowPolicyWouldRefuse_StillEvaluatesPoliciesAfterIt()
    {
        using var harness = new Harness(Policy("a", Rule("r", 1, 1)).AsShadow(), Policy("b", Rule("r", 1, 3)));
        Assert.Equal(3, harness.Admitted(10));
    }

    [Fact]
    public void Decide_EnforcedPolicyRefuses_TakesNothingInShadow()
    {
        using var harness = new Harness(Policy("a", Rule("r", 1, 2)), Policy("s", Rule("r", 1, 4)).AsShadow());
        harness.Admitted(20);
        harness.Reload(Policy("s", Rule("r", 1, 4)).AsShadow());
        Assert.Equal(Reason.None, harness.Decide().ShadowReason);
        Assert.Equal(Reason.None, harness.Decide().ShadowReason);
        Assert.Equal(Reason.TokenBucketExceeded, harness.Decide().ShadowReason);
    }

    [Fact]
    public void Decide_ShadowPolicyWouldRefuse_TakesNothingFromItsOtherRules()
    {
        using var harness = new Harness(Policy("s", Rule("a", 1, 100), Rule("b", 1, 1)).AsShadow());
        harness.Admitted(50);
        harness.Reload(Policy("s", Rule("a", 1, 100)).AsShadow());
        for (var i = 0; i < 99; i++)
        {
            Assert.Equal(Reason.None, harness.Decide().ShadowReason);
        }

        Assert.Equal(Reason.TokenBucketExceeded, harness.Decide().ShadowReason);
    }

    [Fact]
    public void Decide_ShadowThenEnforced_CountsApart()
    {
        using var harness = new Harness(Policy("p", Rule("r", 1, 5)).AsShadow());
        harness.Admitted(20);
        harness.Reload(Policy("p", Rule("r", 1, 5)));
        Assert.Equal(5, harness.Admitted(20));
    }

    [Fact]
    public void Decide_ShadowMissesADescriptor_NeverRefuses()
    {
        using var harness = new Harness(Policy("s", Rule("r", 1, 5, Header("k"))).AsShadow());
        var decision = harness.Decide();
        Assert.Equal((Verdict.Allow, Reason.DescriptorMissing), (decision.Verdict, decision.ShadowReason));
    }

    [Fact]
    public void Decide_GlobalShadow_AllowsUntilItExpires()
    {
        var expiry = DateTimeOffset.FromUnixTimeMilliseconds((Harness.Start / 1_000_000) + 5000);
        var document = Document(Policy("p", Rule("r", 0.001, 1))) with { GlobalShadow = new OverrideDefinition(true, "test", expiry) };
        using var harness = new Harness(PolicyCompiler.Compile(document, "d"));
        Assert.Equal(10, harness.Admitted(10));
        Assert.Equal(Reason.TokenBucketExceeded, harness.Decide().ShadowReason);
        harness.Advance(5);
        Assert.Equal(1, harness.Admitted(10));
    }

    [Fact]
    public void Decide_GlobalShadowNotEnabled_Enforces()
    {
        var document = Document(Policy("p", Rule("r", 1, 1))) with
        {
            GlobalShadow = new OverrideDefinition(false, string.Empty, null),
        };
        using var harness = new Harness(PolicyCompiler.Compile(document, "d"));
        Assert.Equal(1, harness.Admitted(10));
    }
}
