using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Decide;

/// <summary>
/// Plans that come and go with a reload, for counters that nobody touches meanwhile: never more than what was left plus what the new rate has
/// refilled since.
/// </summary>
public sealed class PlanReloadTests
{
    private static readonly TokenBucketDefinition Free = new() { TokensPerSecond = 1, Burst = 100 };
    private static readonly TokenBucketDefinition Pro = new() { TokensPerSecond = 10, Burst = 100 };

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 3)]
    [InlineData(true, 3)]
    public void Reload_PlanRemoved_UntouchedBucketRefillsByTheNewRate(bool all, int moreReloads)
    {
        using var harness = new Harness(Policy("p", Tiered(Free, ("free", Free), ("pro", Pro))));
        Assert.Equal(100, Admitted(harness, "pro"));
        harness.Advance(2);
        var rule = all ? Rule("r", 1, 100, Header("who")) : Tiered(Free, ("free", Free));
        for (var i = 0; i <= moreReloads; i++)
        {
            harness.Reload(Policy("p", rule), Policy("p2", Rule("s", 1, 1, Header("none")) with { OnMissing = OnMissing.Allow }));
            harness.Decide("GET localhost/", (Header("plan"), "free"), (Header("who"), "somebody else"));
            harness.Advance(1);
        }

        // Twenty were left at the reload, and a second has refilled one.
        Assert.Equal(21 + moreReloads, Admitted(harness, "pro"));
    }

    [Fact]
    public void Reload_PlanRemovedAndPutBack_RefilledByTheSlowRateMeanwhile()
    {
        using var harness = new Harness(Policy("p", Tiered(Free, ("free", Free), ("pro", Pro))));
        Assert.Equal(100, Admitted(harness, "pro"));
        Touch(harness, Tiered(Free, ("free", Free)));
        harness.Advance(4);
        Touch(harness, Tiered(Free, ("free", Free), ("pro", Pro)));
        harness.Advance(2);
        Assert.Equal(4 + 20, Admitted(harness, "pro"));
    }

    [Fact]
    public void Reload_SlowerPlanAdded_UntouchedBucketRefillsByThatPlan()
    {
        using var harness = new Harness(Policy("p", Rule("r", 10, 100, Header("who"))));
        Assert.Equal(100, Admitted(harness, "free"));
        harness.Advance(1);
        Touch(harness, Tiered(Pro, ("normal", Pro), ("free", Free)) with { Tiers = Plans("normal", ("normal", Pro), ("free", Free)) });
        harness.Advance(3);
        Assert.Equal(10 + 3, Admitted(harness, "free"));
    }

    [Fact]
    public void Reload_RandomPlans_NeverMoreThanLeftPlusTheNewRate()
    {
        var random = Seeds.Next(out var seed);
        for (var run = 0; run < 300; run++)
        {
            using var harness = new Harness(Policy("p", Tiered(Free, ("free", Free), ("pro", Pro))));
            var left = 100 - Admitted(harness, "pro", random.Next(20, 101));
            var most = (double)left;
            var rate = 10.0;
            for (var reload = 0; reload < 5; reload++)
            {
                var seconds = random.Next(1, 4);
                harness.Advance(seconds);
                most = Math.Min(100, most + (rate * seconds));
                var hasPlan = random.Next(2) == 0;
                rate = hasPlan ? 10 : 1;
                Touch(harness, hasPlan ? Tiered(Free, ("free", Free), ("pro", Pro)) : Tiered(Free, ("free", Free)));
            }

            var admitted = Admitted(harness, "pro");
            Assert.True(admitted == (int)most, $"seed {seed}, run {run}: {admitted} and not {most}");
        }
    }

    // A reload, and a first request of somebody else by it.
    private static void Touch(Harness harness, RuleDefinition rule)
    {
        harness.Reload(Policy("p", rule));
        harness.Decide("GET localhost/", (Header("plan"), "free"), (Header("who"), "somebody else"));
    }

    private static int Admitted(Harness harness, string plan, int requests = 200) =>
        harness.Admitted(requests, "GET localhost/", (Header("plan"), plan), (Header("who"), "a"));

    private static RuleDefinition Tiered(AlgorithmDefinition algorithm, params (string Name, AlgorithmDefinition Algorithm)[] plans) => new()
    {
        Name = "r",
        LimitKeys = [Header("who")],
        Algorithm = algorithm,
        Tiers = Plans("free", plans),
    };

    private static TiersDefinition Plans(string @default, params (string Name, AlgorithmDefinition Algorithm)[] plans) => new()
    {
        By = Header("plan"),
        For = Header("who"),
        Default = @default,
        Plans = [.. plans.Select(plan => new TierPlan(plan.Name, plan.Algorithm))],
    };
}
