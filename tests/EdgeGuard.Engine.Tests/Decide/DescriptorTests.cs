using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Decide;

public sealed class DescriptorTests
{
    [Fact]
    public void Decide_TenantsWithSeparatorsInTheirValues_NeverShareACounter()
    {
        using var harness = new Harness(Policy("p", Rule("r", 1, 1, Header("a"), Header("b"))));
        var pairs = new (string A, string B)[]
        {
            ("x|y", "z"), ("x", "y|z"), ("xy", "z"), ("x", "yz"), ("x\0", "y"), ("x", "\0y"), ("12345678", "9"), ("123456789", "0"), ("1234567", "89"),
        };
        Assert.All(pairs, p => Assert.Equal(1, harness.Admitted(3, values: [(Header("a"), p.A), (Header("b"), p.B)])));
    }

    [Fact]
    public void Decide_EqualRuleNamesInTwoPolicies_DoNotShareACounter()
    {
        using var harness = new Harness(Policy("a", Rule("r", 1, 5)), Policy("ab", Rule("r", 1, 5)));
        Assert.Equal(5, harness.Admitted(10));
    }

    [Theory]
    [InlineData(OnMissing.Deny, 0)]
    [InlineData(OnMissing.Allow, 10)]
    [InlineData(OnMissing.Shared, 2)]
    public void Decide_LimitKeyMissing_FollowsOnMissingAndCounts(OnMissing onMissing, int admitted)
    {
        using var harness = new Harness(Policy("p", Rule("r", 1, 2, Header("a"), Header("b")) with { OnMissing = onMissing }));
        Assert.Equal(admitted, harness.Admitted(10, values: (Header("a"), "x")));
        var decision = harness.Decide(values: (Header("a"), "x"));
        Assert.Equal(1, decision.MissingDescriptors);
        Assert.Equal(Header("b"), harness.Snapshot.Facts.Slots[decision.FirstMissingSlot]);
    }

    [Fact]
    public void Decide_SharedMissing_IsNotTheCounterOfAnyValue()
    {
        using var harness = new Harness(Policy("p", Rule("r", 1, 2, Header("a")) with { OnMissing = OnMissing.Shared }));
        Assert.Equal(2, harness.Admitted(5));
        Assert.Equal(2, harness.Admitted(5, values: (Header("a"), "\0")));
    }

    [Theory]
    [InlineData(OnMissing.Deny)]
    [InlineData(OnMissing.Allow)]
    [InlineData(OnMissing.Shared)]
    public void Decide_UnverifiableLimitKey_IsRefusedWhateverOnMissingSays(OnMissing onMissing)
    {
        using var harness = new Harness(Policy("p", Rule("r", 1, 2, Claim("sub")) with { OnMissing = onMissing }));
        var decision = harness.Decide(values: (Claim("sub"), null));
        Assert.Equal((Reason.IdentityInvalid, (short)401, 1), (decision.Reason, decision.Status, decision.RetryAfterSeconds));
        Assert.Equal(Reason.IdentityInvalid, harness.Decide(values: (Claim("sub"), "!mallory")).Reason);
    }

    [Fact]
    public void Decide_UnverifiableMatchKey_IsRefusedUnlessAnotherConditionFails()
    {
        using var harness = new Harness(Policy("p", Rule("r", 1, 2).When(Claim("plan"), "free").When(Header("x"), "1")));
        Assert.Equal(Reason.IdentityInvalid, harness.Decide(values: [(Claim("plan"), null), (Header("x"), "1")]).Reason);
        Assert.Equal(Verdict.Allow, harness.Decide(values: [(Claim("plan"), null), (Header("x"), "2")]).Verdict);
        Assert.Equal(Verdict.Allow, harness.Decide(values: (Claim("plan"), null)).Verdict);
    }

    [Fact]
    public void Decide_MatchOnAKeyThatIsNoLimitKey_Works()
    {
        using var harness = new Harness(Policy("p", Rule("r", 1, 2, Header("k")).When(Header("tier"), "free")));
        Assert.Equal(2, harness.Admitted(5, values: [(Header("k"), "a"), (Header("tier"), "free")]));
        Assert.Equal(5, harness.Admitted(5, values: [(Header("k"), "a"), (Header("tier"), "pro")]));
    }

    [Fact]
    public void Decide_NoRuleMatches_UsesTheFallbackLimit()
    {
        var policy = Policy("p", Rule("free", 1, 5).When(Header("tier"), "free")) with { FallbackLimit = Rule("fallback", 1, 2) };
        using var harness = new Harness(policy);
        Assert.Equal(2, harness.Admitted(10));
        Assert.Equal(5, harness.Admitted(10, values: (Header("tier"), "free")));
        Assert.Equal("fallback", harness.Snapshot.RuleName(harness.Decide().Rule));
    }

    [Theory]
    [InlineData("4", 2)]
    [InlineData("0.5", 20)]
    [InlineData("0.01", 100)]
    [InlineData("2.5e0", 4)]
    [InlineData("10", 1)]
    [InlineData("10.0001", 0)]
    [InlineData("1000000000000", 0)]
    public void Decide_CostFromTheRequest_IsTaken(string cost, int admitted)
    {
        using var harness = new Harness(Policy("p", Rule("r", 1, 10).WithCost(new CostSource(Header("c"), 1, 5, 0.1))));
        Assert.Equal(admitted, harness.Admitted(110, values: (Header("c"), cost)));
        Assert.Equal(0, harness.Decide(values: (Header("c"), cost)).InvalidCosts);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("1e400")]
    [InlineData("0x10")]
    [InlineData("1,5")]
    [InlineData("1 ")]
    [InlineData("1000000000001")]
    [InlineData("00000000000000000000000000000000000000001")]
    public void Decide_CostThatIsNoSaneNumber_ChargesTheDefaultAndCounts(string cost)
    {
        using var harness = new Harness(Policy("p", Rule("r", 1, 10).WithCost(new CostSource(Header("c"), 1, 5, 0.1))));
        Assert.Equal(1, harness.Decide(values: (Header("c"), cost)).InvalidCosts);
        Assert.Equal(1, harness.Admitted(10, values: (Header("c"), cost)));
    }

    [Fact]
    public void Decide_CostMissing_ChargesTheDefaultWithoutCountingIt()
    {
        using var harness = new Harness(Policy("p", Rule("r", 1, 10).WithCost(new CostSource(Header("c"), 1, 5, 0.1))));
        Assert.Equal(0, harness.Decide().InvalidCosts);
        Assert.Equal(1, harness.Admitted(10));
    }
}
