using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Decide;

public sealed class TierTests
{
    [Fact]
    public void Decide_OnlyOnePlanHasADailyBudget_EachPlanHasItsOwnLimits()
    {
        var free = new TokenBucketLlmDefinition { TokensPerMinute = 1000, BurstTokens = 1000, DefaultMaxCompletion = 100, TokensPerDay = 200 };
        var pro = free with { BurstTokens = 5000, TokensPerDay = null };
        using var harness = new Harness(Policy("p", Tiered(free, ("free", free), ("pro", pro))));
        Assert.Equal(2, Admitted(harness, 10, "free", "a"));
        Assert.Equal(Reason.TpdExceeded, Decide(harness, "free", "a").Reason);
        Assert.Equal(50, Admitted(harness, 60, "pro", "b"));
        Assert.Equal(Reason.TpmExceeded, Decide(harness, "pro", "b").Reason);
    }

    [Fact]
    public void Decide_PlanHasCapsOfItsOwn_HoldsThem()
    {
        var free = new TokenBucketLlmDefinition { TokensPerMinute = 1000, BurstTokens = 1000, DefaultMaxCompletion = 100, MaxTokensPerRequest = 50 };
        var pro = free with { MaxTokensPerRequest = 500 };
        using var harness = new Harness(Policy("p", Tiered(free, ("free", free), ("pro", pro))));
        Assert.Equal(Reason.MaxTokensPerRequestExceeded, Decide(harness, "free", "a").Reason);
        Assert.Equal(Reason.None, Decide(harness, "pro", "a").Reason);
    }

    [Fact]
    public void Settle_PlanWeighsCachedTokens_ChargesByThatPlan()
    {
        var free = new TokenBucketLlmDefinition { TokensPerMinute = 1, BurstTokens = 1000, DefaultMaxCompletion = 100 };
        var pro = free with { CachedTokenWeight = 0 };
        using var harness = new Harness(Policy("p", Tiered(free, ("free", free), ("pro", pro))));
        foreach (var (plan, left) in new[] { ("free", 800L), ("pro", 900L) })
        {
            Assert.True(harness.Decide(out var admission, (Header("plan"), plan), (Header("who"), plan)).IsAdmitted);
            harness.Engine.Settle(admission, new Usage(100, 0, CachedPrompt: 100), harness.Now);
            harness.Engine.Finish(admission, Ending.Completed, harness.Now);
            Assert.Equal(left, Decide(harness, plan, plan).Remaining);
        }
    }

    [Fact]
    public void Decide_GrantEnds_KeepsWhatIsLeftWithinTheOldPlan()
    {
        var free = new TokenBucketDefinition { TokensPerSecond = 0.001, Burst = 10 };
        var pro = new TokenBucketDefinition { TokensPerSecond = 0.001, Burst = 100 };
        var rule = Tiered(free, ("free", free), ("pro", pro));
        var until = DateTimeOffset.FromUnixTimeMilliseconds((Harness.Start / 1_000_000) + 5000);
        rule = rule with { Tiers = rule.Tiers! with { Grants = [new TierGrant("a", "pro", until, "launch")] } };
        using var harness = new Harness(Policy("p", rule));
        Assert.Equal(50, Admitted(harness, 50, "free", "a"));
        harness.Advance(5);
        Assert.Equal(10, Admitted(harness, 60, "free", "a"));
        Assert.Equal(10, Admitted(harness, 60, "free", "b"));
    }

    [Fact]
    public void Decide_UnchangedReloads_LeaveAPaidPlanAlone()
    {
        var free = new TokenBucketDefinition { TokensPerSecond = 0.001, Burst = 10 };
        var pro = new TokenBucketDefinition { TokensPerSecond = 0.001, Burst = 100 };
        var policy = Policy("p", Tiered(free, ("pro", pro), ("free", free)));
        using var harness = new Harness(policy);
        Assert.Equal(1, Admitted(harness, 1, "free", "b"));
        harness.Advance(600);
        Assert.Equal(40, Admitted(harness, 40, "pro", "a"));
        for (var i = 0; i < 3; i++)
        {
            harness.Reload(policy);
            Assert.Equal(10, Admitted(harness, 10, "pro", "a"));
        }

        Assert.Equal(30, Admitted(harness, 60, "pro", "a"));
    }

    [Fact]
    public void Decide_PlanOfAnApiKey_ChoosesTheNumbers()
    {
        var plan = new DescriptorKey(DescriptorKind.KeyProperty, "plan");
        var free = new TokenBucketDefinition { TokensPerSecond = 0.001, Burst = 2 };
        var rule = Tiered(free, ("free", free), ("pro", free with { Burst = 5 }));
        using var harness = new Harness(Policy("p", rule with { Tiers = rule.Tiers! with { By = plan } }));

        Assert.Equal(5, harness.Admitted(9, values: [(plan, "pro"), (Header("who"), "a")]));
        Assert.Equal(2, harness.Admitted(9, values: [(plan, "free"), (Header("who"), "b")]));
        Assert.Equal(2, harness.Admitted(9, values: [(plan, "unknown"), (Header("who"), "c")]));
        Assert.Equal(2, harness.Admitted(9, values: [(Header("who"), "d")]));

        // A key that could not be verified has no plan that anybody would have to believe.
        Assert.Equal(Reason.IdentityInvalid, harness.Decide(values: [(plan, "!pro"), (Header("who"), "e")]).Reason);
    }

    private static RuleDefinition Tiered(AlgorithmDefinition algorithm, params (string Name, AlgorithmDefinition Algorithm)[] plans) => new()
    {
        Name = "r",
        LimitKeys = [Header("who")],
        Algorithm = algorithm,
        Tiers = new TiersDefinition
        {
            By = Header("plan"),
            For = Header("who"),
            Default = "free",
            Plans = [.. plans.Select(plan => new TierPlan(plan.Name, plan.Algorithm))],
        },
    };

    private static Decision Decide(Harness harness, string plan, string who) =>
        harness.Decide("GET localhost/", (Header("plan"), plan), (Header("who"), who));

    private static int Admitted(Harness harness, int requests, string plan, string who) =>
        harness.Admitted(requests, "GET localhost/", (Header("plan"), plan), (Header("who"), who));
}
