using System.Globalization;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Decide;

public sealed class EnforcementTests
{
    [Fact]
    public void Decide_OutsideTheShare_MissingKeyIsToldAndNotRefused()
    {
        using var harness = new Harness(Policy("p", Shared(0)));
        var decision = harness.Decide("GET localhost/", (Header("who"), "a"));
        Assert.Equal((Verdict.Allow, Reason.DescriptorMissing, 1), (decision.Verdict, decision.ShadowReason, decision.MissingDescriptors));
    }

    [Fact]
    public void Decide_OutsideTheShare_UnverifiableKeyIsToldAndNotRefused()
    {
        using var harness = new Harness(Policy("p", Shared(0)));
        var decision = harness.Decide("GET localhost/", (Header("who"), "a"), (Header("k"), null));
        Assert.Equal((Verdict.Allow, Reason.IdentityInvalid), (decision.Verdict, decision.ShadowReason));
    }

    [Fact]
    public void Decide_InsideTheShare_MissingKeyRefuses()
    {
        using var harness = new Harness(Policy("p", Shared(100)));
        Assert.Equal(Reason.DescriptorMissing, harness.Decide("GET localhost/", (Header("who"), "a")).Reason);
    }

    [Fact]
    public void Decide_IdentityOfTheShareUnverifiable_Refuses()
    {
        using var harness = new Harness(Policy("p", Shared(1)));
        Assert.Equal(Reason.IdentityInvalid, harness.Decide("GET localhost/", (Header("who"), null), (Header("k"), "x")).Reason);
    }

    [Fact]
    public void Decide_ShareRises_NeverFreesWhoWasIn()
    {
        HashSet<int> before = [];
        foreach (var percent in new[] { 0, 10, 50, 100 })
        {
            using var harness = new Harness(Policy("p", Shared(percent)));
            HashSet<int> now = [];
            for (var i = 0; i < 1000; i++)
            {
                if (!harness.Decide("GET localhost/", (Header("who"), i.ToString(CultureInfo.InvariantCulture))).IsAdmitted)
                {
                    now.Add(i);
                }
            }

            Assert.True(before.IsSubsetOf(now));

            // Fixed hashes: no chance in it. Four standard deviations of 1000 draws are 63 at a half.
            Assert.InRange(now.Count, (percent * 10) - 64, (percent * 10) + 64);
            before = now;
        }

        Assert.Equal(1000, before.Count);
    }

    /// <summary>Two counters: a caller outside the share must not use up what the limit on trial has for the others, nor the other way about.</summary>
    [Fact]
    public void Decide_ShareAndTrialOnOneRule_CountApart()
    {
        RuleDefinition With(double percent) => Rule("r", 0.001, 100, Header("k")) with
        {
            Enforcement = new EnforcementDefinition(percent, Header("who")),
            Shadow = new TokenBucketDefinition { TokensPerSecond = 0.001, Burst = 10 },
        };
        using var harness = new Harness(Policy("p", With(0)));
        (EdgeGuard.Bundles.Model.DescriptorKey, string?)[] caller = [(Header("who"), "a"), (Header("k"), "x")];
        Assert.Equal(60, harness.Admitted(60, "GET localhost/", caller));
        harness.Reload(Policy("p", With(100)));
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(0, harness.Decide("GET localhost/", caller).Disagreements);
        }

        Assert.Equal(1, harness.Decide("GET localhost/", caller).Disagreements);
        harness.Reload(Policy("p", With(0)));
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(Reason.None, harness.Decide("GET localhost/", caller).ShadowReason);
        }

        Assert.Equal(Reason.TokenBucketExceeded, harness.Decide("GET localhost/", caller).ShadowReason);
    }

    private static RuleDefinition Shared(double percent) =>
        Rule("r", 1, 5, Header("k")) with { Enforcement = new EnforcementDefinition(percent, Header("who")) };
}
