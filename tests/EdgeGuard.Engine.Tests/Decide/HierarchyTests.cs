using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Decide;

public sealed class HierarchyTests
{
    [Fact]
    public void Decide_UserBorrows_StopsAtItsMostAndAtWhatTheOrganizationKeeps()
    {
        // 10 of its own and 10 borrowed; the last 4 of 40 are never lent.
        using var harness = new Harness(Policy("p", Levels(40, 10, new BorrowDefinition(100, 10))));
        Assert.Equal(20, Admitted(harness, 50, "a"));
        Assert.Equal(16, Admitted(harness, 50, "b"));

        // Two left of the kept four are c's own by then: own quota needs no lending.
        Assert.Equal(4, Admitted(harness, 50, "c"));
        Assert.Equal(0, Admitted(harness, 50, "d"));
    }

    [Fact]
    public void Decide_OrganizationLendsNothing_WaitsForItsOwnRefill()
    {
        // Eleven of 20 are more than may be lent with all of it kept: the user waits 100 s for one token of its own.
        using var harness = new Harness(Policy("p", Levels(20, 10, new BorrowDefinition(100, 100), userRate: 0.01)));
        Assert.Equal(10, Admitted(harness, 10, "a"));
        var decision = Decide(harness, "a");
        Assert.Equal((Verdict.Reject, 100, 10L, 0L), (decision.Verdict, decision.RetryAfterSeconds, decision.Limit, decision.Remaining));
        harness.Advance(100);
        Assert.Equal(1, Admitted(harness, 10, "a"));
    }

    [Fact]
    public void Decide_UserIsRefused_TakesNothingFromTheOrganization()
    {
        using var harness = new Harness(Policy("p", Levels(15, 10, borrow: null)));
        Assert.Equal(10, Admitted(harness, 100, "a"));
        Assert.Equal(5, Admitted(harness, 100, "b"));
    }

    private static RuleDefinition Levels(double organization, double user, BorrowDefinition? borrow, double userRate = 0.0001) => new()
    {
        Name = "r",
        Algorithm = new HierarchyDefinition
        {
            Levels =
            [
                new HierarchyLevel
                {
                    Name = "organization",
                    LimitKeys = [Header("org")],
                    Algorithm = new TokenBucketDefinition { TokensPerSecond = 0.0001, Burst = organization },
                },
                new HierarchyLevel
                {
                    Name = "user",
                    LimitKeys = [Header("org"), Header("who")],
                    Algorithm = new TokenBucketDefinition { TokensPerSecond = userRate, Burst = user },
                    Borrow = borrow,
                },
            ],
        },
    };

    private static Decision Decide(Harness harness, string who) => harness.Decide("GET localhost/", (Header("org"), "o"), (Header("who"), who));

    private static int Admitted(Harness harness, int requests, string who) =>
        harness.Admitted(requests, "GET localhost/", (Header("org"), "o"), (Header("who"), who));
}
