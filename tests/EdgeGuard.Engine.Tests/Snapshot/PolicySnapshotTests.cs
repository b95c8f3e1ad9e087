using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Engine.Tests.Support;
using EdgeGuard.Testing;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Snapshot;

public sealed class PolicySnapshotTests
{
    [Fact]
    public void Empty_TellsNothingLoaded()
    {
        Assert.Null(PolicySnapshot.Empty.Policy);
        Assert.Equal((0L, string.Empty, 0, 0), (
            PolicySnapshot.Empty.Version, PolicySnapshot.Empty.Digest, PolicySnapshot.Empty.PolicyCount, PolicySnapshot.Empty.RuleCount));
        Assert.Empty(PolicySnapshot.Empty.Facts.Slots);
    }

    [Fact]
    public void WithPolicy_KeepsKillSwitchesAndReadsTheirFacts()
    {
        var snapshot = PolicySnapshot.Empty.WithPushedKillSwitches([Kill("p", Header("pushed"), "v")])
            .WithLocalKillSwitches([Kill("l", Claim("local"), "v")])
            .WithPolicy(Bundle.Compile(Policy("a", Rule("r", 1, 2, Header("own"), Header("pushed")))));
        Assert.Equal(["header:own", "header:pushed", "jwt:local"], snapshot.Facts.Slots.Select(s => s.ToString()));
        Assert.Equal(["pushed", "local"], snapshot.KillSwitches.Select(k => k.Origin));
        Assert.True(snapshot.Facts.NeedsClaims);
    }

    [Fact]
    public void Names_OfPoliciesAndRules_AreResolved()
    {
        var snapshot = PolicySnapshot.Empty.WithPolicy(Bundle.Compile(
            Policy("b", Rule("r1", 2, 10), Rule("r2", 3, 10)) with { Cluster = "backend", FallbackLimit = Rule("fallback", 1, 1) },
            Policy("a", Rule("r0", 1, 1))));
        Assert.Equal((2, 4), (snapshot.PolicyCount, snapshot.RuleCount));
        Assert.Equal(["a", "b"], Enumerable.Range(0, 2).Select(snapshot.PolicyId));
        Assert.Equal(["r0", "r1", "r2", "fallback"], Enumerable.Range(0, 4).Select(snapshot.RuleName));
        Assert.Equal([0, 1, 1, 1], Enumerable.Range(0, 4).Select(snapshot.RulePolicy));
        Assert.Equal([null, "backend"], Enumerable.Range(0, 2).Select(snapshot.PolicyCluster));
        Assert.Equal((10L, 5), snapshot.LimitQuota(1));
        Assert.Equal((10L, 4), snapshot.LimitQuota(2));
    }

    [Theory]
    [InlineData(null, "/v1/", "/v1/*")]
    [InlineData(null, "/v1", "/v1[/*]")]
    [InlineData(null, "/", "/*")]
    [InlineData(null, null, "/*")]
    [InlineData("/login", null, "/login")]
    public void PolicyRoute_OfASelector_IsItsTemplate(string? exact, string? prefix, string expected)
    {
        var selector = new SelectorDefinition { PathExact = exact, PathPrefix = prefix, Hosts = ["a.example", "b.example"] };
        var snapshot = PolicySnapshot.Empty.WithPolicy(Bundle.Compile(Policy("p") with { Selector = selector }));
        Assert.Equal("a.example,b.example" + expected, snapshot.PolicyRoute(0));
    }

    [Fact]
    public void WithPushedKillSwitches_BesideALargeBundle_DoesNotBuildItAgain()
    {
        var policies = Enumerable.Range(0, 10_000).Select(i => Policy($"p{i}", Rule("r", 1, 1, Header("k")))).ToArray();
        var document = Document(policies) with
        {
            KillSwitches = [.. Enumerable.Range(0, 10_000).Select(i => Kill($"own{i}", Header("h"), $"{i}"))],
        };
        var snapshot = PolicySnapshot.Empty.WithPolicy(Engine.Compile.PolicyCompiler.Compile(document, "d"));
        ImmutableArray<KillSwitchDefinition> set = [Kill("k", Claim("sub"), "x")];
        var next = snapshot;
        var allocated = Allocations.Least(() => next = snapshot.WithPushedKillSwitches(set).WithLocalKillSwitches(set));

        // Bytes stand for time here, which a busy machine cannot change: building either again takes megabytes.
        Assert.InRange(allocated, 0, 32 * 1024);
        Assert.Equal(3, next.Facts.Slots.Length);
        Assert.Same(snapshot.Policy, next.Policy);
    }
}
