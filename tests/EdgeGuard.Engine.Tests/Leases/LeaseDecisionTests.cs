using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Leases;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Leases;

public sealed class LeaseDecisionTests
{
    [Fact]
    public void Decide_WithoutRequire_HoldsTheWholeBudget()
    {
        using var harness = new Harness(Policy("p", LeaseRig.Rule(100)));

        Assert.Equal(100, harness.Admitted(150, "GET localhost/", (Header("team"), "red")));
    }

    [Fact]
    public void Decide_BeforeAnyLease_RefusesAndTakesNothing()
    {
        using var rig = new LeaseRig();

        var refused = rig.Decide();
        Assert.Equal((Reason.BudgetExceeded, 1), (refused.Reason, refused.RetryAfterSeconds));
        Assert.Equal(0, rig.Spend(10));
        Assert.Equal(11, rig.Leases.Refused);
    }

    [Theory]
    [InlineData(50_000, 5)]
    [InlineData(59_999, 5)]
    [InlineData(60_000, 6)]
    [InlineData(1_000_000, 100)]
    [InlineData(0, 0)]
    public void Decide_ByStandingShare_AdmitsExactlyIt(int ppm, int admitted)
    {
        using var rig = new LeaseRig().Open(ppm);

        Assert.Equal(admitted, rig.Spend(150));
        Assert.Equal(admitted, rig.Spend(150, "blue"));
    }

    [Fact]
    public void StandingShare_OfAnotherWindow_IsNoneOfThisOne()
    {
        using var rig = new LeaseRig().Open(50_000);
        rig.Harness.Advance(86_400);

        Assert.Equal(0, rig.Spend(10));
    }

    [Fact]
    public void Shares_ThatOverlap_TheLargestHolds()
    {
        using var rig = new LeaseRig().Open(0);
        rig.Leases.SetShares(LeaseRig.Budget, [new LeaseSpan(20_000, 0, long.MaxValue), new LeaseSpan(70_000, LeaseRig.Window, LeaseRig.Window), new LeaseSpan(30_000, 0, long.MaxValue)]);

        Assert.Equal(7, rig.Spend(50));
        rig.Harness.Advance(86_400);
        Assert.Equal(3, rig.Spend(50));
    }

    [Fact]
    public void Grant_IsATotal_SoRepeatedAndReorderedItChangesNothing()
    {
        using var rig = new LeaseRig().Open(50_000);
        var want = rig.WantOf("red");
        Assert.True(rig.Leases.Grant(want, 10 * LeaseRig.Unit, rig.Harness.Nanoseconds));
        Assert.True(rig.Leases.Grant(want, 10 * LeaseRig.Unit, rig.Harness.Nanoseconds));
        Assert.True(rig.Leases.Grant(want, 3 * LeaseRig.Unit, rig.Harness.Nanoseconds));

        Assert.Equal(10, rig.Spend(50));
        Assert.True(rig.Leases.TryRead(want, out var figures));
        Assert.Equal(new LeaseFigures(5 * LeaseRig.Unit, 10 * LeaseRig.Unit, 0, 15 * LeaseRig.Unit), figures);
    }

    [Fact]
    public void Grants_BeyondTheBudget_AdmitNoMoreThanTheBudget()
    {
        using var rig = new LeaseRig().Open(50_000);
        var want = rig.WantOf("red");
        rig.Leases.Grant(want, 1000 * LeaseRig.Unit, rig.Harness.Nanoseconds);

        Assert.Equal(95, rig.Spend(500));
        Assert.True(rig.Decide().RetryAfterSeconds > 80_000, "the whole budget was spent here: nothing comes before the window ends");
    }

    [Fact]
    public void Return_GivesBackWhatIsNotSpent_AndOnlyANewGrantSpendsAgain()
    {
        using var rig = new LeaseRig().Open(50_000);
        var want = rig.WantOf("red");
        rig.Leases.Grant(want, 40 * LeaseRig.Unit, rig.Harness.Nanoseconds);
        Assert.Equal(15, rig.Spend(15));

        Assert.Equal(25 * LeaseRig.Unit, rig.Leases.Return(want, rig.Harness.Nanoseconds));
        Assert.Equal(0, rig.Leases.Return(want, rig.Harness.Nanoseconds));
        Assert.Equal(0, rig.Spend(50));
        rig.Leases.Grant(want, 120 * LeaseRig.Unit, rig.Harness.Nanoseconds);

        // 20 spent, 80 more than it had: the whole budget, though 25 of it went away and came back.
        Assert.Equal(80, rig.Spend(500));
        Assert.True(rig.Leases.TryRead(want, out var figures));
        Assert.Equal((25 * LeaseRig.Unit, 100 * LeaseRig.Unit), (figures.Returned, figures.Spent));
    }

    [Fact]
    public void Return_OfAKeyThatWasNeverSeen_GivesBackTheStandingShareBeforeItsFirstRequest()
    {
        using var other = new LeaseRig().Open(50_000);
        var want = other.WantOf("red");
        using var rig = new LeaseRig().Open(50_000, "fedcba9876543210fedcba9876543210");

        Assert.Equal(5 * LeaseRig.Unit, rig.Leases.Return(want, rig.Harness.Nanoseconds));
        Assert.Equal(0, rig.Spend(10));
        Assert.Equal(5, rig.Spend(10, "blue"));
    }

    [Fact]
    public void Key_IsTheSameAtEveryEdgeOfAFleet_AndAnotherOneUnderAnotherSaltOrBudget()
    {
        using var one = new LeaseRig().Open(0);
        using var two = new LeaseRig().Open(0, "fedcba9876543210fedcba9876543210");
        using var other = new LeaseRig().Open(0, salt: 8);

        var key = one.WantOf("red").Key;
        Assert.Equal(key, two.WantOf("red").Key);
        Assert.NotEqual(key, one.WantOf("blue").Key);
        Assert.NotEqual(key, other.WantOf("red").Key);
        Assert.True(LeaseKey.TryParse(key.ToString(), out var parsed));
        Assert.Equal(key, parsed);
        Assert.False(LeaseKey.TryParse(key.ToString().ToUpperInvariant(), out _));
    }

    [Fact]
    public void AnotherHolder_HasCountersOfItsOwn()
    {
        using var rig = new LeaseRig().Open(50_000);
        Assert.Equal(5, rig.Spend(10));
        rig.Leases.Hold("fedcba9876543210fedcba9876543210", new byte[32]);

        Assert.Equal(0, rig.Spend(10));
        rig.Leases.SetShares(LeaseRig.Budget, [new LeaseSpan(20_000, LeaseRig.Window, LeaseRig.Window)]);
        Assert.Equal(2, rig.Spend(10));
    }

    [Fact]
    public void Want_ComesAtLowWaterOnce_AndAgainWhenItWasAnswered()
    {
        using var rig = new LeaseRig(1000).Open(50_000);
        rig.Spend(35);
        Assert.False(rig.Leases.TryTakeWant(out _));
        rig.Spend(10);

        var want = rig.Want();
        Assert.Equal((LeaseRig.Budget, null, LeaseRig.Window), (want.Budget, want.Tier, want.Window));
        rig.Spend(10);
        Assert.False(rig.Leases.TryTakeWant(out _));
        rig.Leases.Answer(want, isDry: false);
        rig.Spend(1);
        Assert.Equal(want, rig.Want());
    }

    [Fact]
    public void Refusal_WhenTheFleetHasNothingLeft_TellsToWaitForTheNextWindow()
    {
        using var rig = new LeaseRig().Open(50_000);
        var want = rig.WantOf("red");
        Assert.Equal(1, rig.Decide().RetryAfterSeconds);
        rig.Leases.Answer(want, isDry: true);

        Assert.True(rig.Decide().RetryAfterSeconds > 80_000);
        Assert.Equal("no lease left of this key, and none to be had: the fleet has spent the budget or holds the rest", rig.Harness.Story("GET localhost/", (Header("team"), "red")).Steps[0].Why);
    }

    [Fact]
    public void Headers_TellTheWholeQuota_AndWhatThisEdgeMayStillAdmit()
    {
        using var rig = new LeaseRig().Open(50_000);

        var decision = rig.Decide();
        Assert.Equal((100L, 4L), (decision.Limit, decision.Remaining));
        rig.Spend(10);
        Assert.Equal(0, rig.Decide().Remaining);
    }

    [Fact]
    public void Explain_TellsWhatIsHeld()
    {
        using var rig = new LeaseRig().Open(50_000);
        var want = rig.WantOf("red");
        rig.Leases.Grant(want, 10 * LeaseRig.Unit, rig.Harness.Nanoseconds);

        var step = rig.Harness.Story("GET localhost/", (Header("team"), "red")).Steps[0];
        Assert.Equal((100m, 10m, 9m), (step.Limit, step.Before, step.After));
        Assert.Equal((15m, 5m, 10m), (step.Lease!.Allowance, step.Lease.Standing, step.Lease.Granted));
        rig.Spend(10);
        Assert.Equal("no lease left of this key: more is asked for, and not answered yet", rig.Harness.Story("GET localhost/", (Header("team"), "red")).Steps[0].Why);
    }

    [Fact]
    public void Suspend_RefusesOnlyRulesThatSayDeny()
    {
        using var spends = new LeaseRig().Open(50_000);
        using var denies = new LeaseRig(lease: new LeaseDefinition { DenyWhenUnreachable = true }).Open(50_000);
        spends.Leases.Suspend(true);
        denies.Leases.Suspend(true);

        Assert.Equal(5, spends.Spend(10));
        Assert.Equal(0, denies.Spend(10));
        denies.Leases.Suspend(false);
        Assert.Equal(5, denies.Spend(10));
    }

    [Fact]
    public void Reload_WithAnotherNumber_NeverAdmitsMoreThanWhatIsHeldOfIt()
    {
        using var rig = new LeaseRig().Open(50_000);
        var want = rig.WantOf("red");
        rig.Leases.Grant(want, 40 * LeaseRig.Unit, rig.Harness.Nanoseconds);
        rig.Change(20);

        // 5 are spent, 1 is the share of 20 and 40 were granted: no more than 20 in all.
        Assert.Equal(15, rig.Spend(100));
        rig.Change(1000);
        Assert.Equal(70, rig.Spend(200));
    }

    [Fact]
    public void ShadowPolicy_CountsWhatItSeesAgainstTheWholeBudget_AndAsksForNothing()
    {
        using var harness = new Harness(Policy("p", LeaseRig.Rule(3)).AsShadow());
        harness.Table.Leases.Require();
        harness.Table.Leases.Use(harness.Snapshot.Policy!);

        var reasons = Enumerable.Range(0, 5).Select(_ => harness.Decide("GET localhost/", (Header("team"), "red")).ShadowReason).ToList();
        Assert.Equal([Reason.None, Reason.None, Reason.None, Reason.BudgetExceeded, Reason.BudgetExceeded], reasons);
        Assert.False(harness.Table.Leases.TryTakeWant(out _));
    }
}
