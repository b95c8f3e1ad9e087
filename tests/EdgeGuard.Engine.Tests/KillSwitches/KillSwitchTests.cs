using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.KillSwitches;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.KillSwitches;

public sealed class KillSwitchTests
{
    private static DateTimeOffset In(double seconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds((Harness.Start / 1_000_000) + (long)(seconds * 1000));

    [Theory]
    [InlineData("bundle")]
    [InlineData("pushed")]
    [InlineData("local")]
    public void Decide_KillSwitchMatches_RefusesBeforeEverything(string origin)
    {
        var kill = Kill("k1", Header("x-key"), "bad") with { Status = 403 };
        using var harness = new Harness(Compiled(origin == "bundle" ? [kill] : []));
        harness.Snapshot = origin switch
        {
            "pushed" => harness.Snapshot.WithPushedKillSwitches([kill]),
            "local" => harness.Snapshot.WithLocalKillSwitches([kill]),
            _ => harness.Snapshot,
        };
        var decision = harness.Decide(values: (Header("x-key"), "bad"));
        Assert.Equal((Verdict.Reject, Reason.KillSwitch, (short)403), (decision.Verdict, decision.Reason, decision.Status));
        Assert.Equal("k1", harness.Snapshot.KillSwitchId(decision.KillSwitch));
        Assert.Equal(3600, decision.RetryAfterSeconds);
        Assert.Equal((kill, origin), Assert.Single(harness.Snapshot.KillSwitches));
        Assert.Equal(2, harness.Admitted(5, values: (Header("x-key"), "good")));
    }

    [Fact]
    public void Decide_KillSwitchWithExpiry_TellsItAndEndsThen()
    {
        using var harness = new Harness(Compiled());
        harness.Snapshot = harness.Snapshot.WithPushedKillSwitches([Kill("k", Ip, "192.0.2.7") with { ExpiresAt = In(90.5) }]);
        Assert.Equal(91, harness.Decide(values: (Ip, "192.0.2.7")).RetryAfterSeconds);
        harness.Advance(90.4);
        Assert.Equal(1, harness.Decide(values: (Ip, "192.0.2.7")).RetryAfterSeconds);
        harness.Advance(0.1);
        Assert.Equal(Verdict.Allow, harness.Decide(values: (Ip, "192.0.2.7")).Verdict);
    }

    [Fact]
    public void Decide_FirstOfEqualKillSwitchesExpires_TheNextCounts()
    {
        using var harness = new Harness(Compiled());
        harness.Snapshot = harness.Snapshot.WithPushedKillSwitches(
        [
            Kill("old", Header("h"), "v") with { ExpiresAt = In(-1) },
            Kill("soon", Header("h"), "v") with { ExpiresAt = In(10) },
            Kill("ever", Header("h"), "v"),
        ]);
        Assert.Equal("soon", harness.Snapshot.KillSwitchId(harness.Decide(values: (Header("h"), "v")).KillSwitch));
        harness.Advance(11);
        Assert.Equal("ever", harness.Snapshot.KillSwitchId(harness.Decide(values: (Header("h"), "v")).KillSwitch));
    }

    [Fact]
    public void Decide_KillSwitchWithRoute_RefusesThatPathOnly()
    {
        using var harness = new Harness(Compiled());
        harness.Snapshot = harness.Snapshot.WithPushedKillSwitches([Kill("k", Header("h"), "v", "/v1/pay")]);
        Assert.Equal(Reason.KillSwitch, harness.Decide("GET a/v1/x/../%70ay?q=1", (Header("h"), "v")).Reason);
        Assert.Equal(Reason.None, harness.Decide("GET a/v1/pay/", (Header("h"), "v")).Reason);
        Assert.Equal(Reason.None, harness.Decide("GET a/v1/pay", (Header("h"), "V")).Reason);
    }

    [Fact]
    public void Decide_UnverifiedClaim_IsEnoughForAKillSwitch()
    {
        using var harness = new Harness(Compiled());
        harness.Snapshot = harness.Snapshot.WithPushedKillSwitches([Kill("k", Claim("sub"), "mallory")]);
        Assert.Equal(Reason.KillSwitch, harness.Decide(values: (Claim("sub"), "!mallory")).Reason);
        Assert.Equal(Reason.None, harness.Decide(values: (Claim("sub"), "!alice")).Reason);
        Assert.Equal(Reason.None, harness.Decide(values: (Claim("sub"), null)).Reason);
    }

    [Fact]
    public void Decide_KillSwitchOverride_MutesTheBundlesOwnOnlyAndUntilItExpires()
    {
        var document = Document(Policy("p", Rule("r", 1000, 1000))) with
        {
            KillSwitches = [Kill("own", Header("h"), "own")],
            KillSwitchOverride = new OverrideDefinition(true, "drill", In(10)),
        };
        using var harness = new Harness(PolicyCompiler.Compile(document, "d"));
        harness.Snapshot = harness.Snapshot.WithPushedKillSwitches([Kill("pushed", Header("h"), "pushed")])
            .WithLocalKillSwitches([Kill("local", Header("h"), "local")]);
        Assert.Equal(Reason.None, harness.Decide(values: (Header("h"), "own")).Reason);
        Assert.Equal(Reason.KillSwitch, harness.Decide(values: (Header("h"), "pushed")).Reason);
        Assert.Equal("local", harness.Snapshot.KillSwitchId(harness.Decide(values: (Header("h"), "local")).KillSwitch));
        harness.Advance(10);
        Assert.Equal(Reason.KillSwitch, harness.Decide(values: (Header("h"), "own")).Reason);
    }

    [Fact]
    public void Decide_GlobalShadow_DoesNotSoftenKillSwitches()
    {
        var document = Document(Policy("p", Rule("r", 1, 1))) with
        {
            KillSwitches = [Kill("k", Header("h"), "v")],
            GlobalShadow = new OverrideDefinition(true, "test", In(100)),
        };
        using var harness = new Harness(PolicyCompiler.Compile(document, "d"));
        Assert.Equal(Reason.KillSwitch, harness.Decide(values: (Header("h"), "v")).Reason);
    }

    [Fact]
    public void Decide_Killed_TakesNothing()
    {
        using var harness = new Harness(Compiled());
        var plain = harness.Snapshot;
        harness.Snapshot = plain.WithPushedKillSwitches([Kill("k", Header("h"), "v")]);
        Assert.Equal(0, harness.Admitted(10, values: (Header("h"), "v")));
        harness.Snapshot = plain;
        Assert.Equal(2, harness.Admitted(10));
    }

    [Fact]
    public void Decide_TenThousandKillSwitches_FindsEachAndNoOther()
    {
        using var harness = new Harness(Compiled());
        harness.Snapshot = harness.Snapshot.WithPushedKillSwitches([.. Enumerable.Range(0, 10_000).Select(i =>
            Kill($"k{i}", i % 2 == 0 ? Header("h") : Query("q"), $"value {i}", i % 3 == 0 ? $"/r{i}" : null))]);
        for (var i = 0; i < 10_000; i += 7)
        {
            var key = i % 2 == 0 ? Header("h") : Query("q");
            var decision = harness.Decide($"GET a/r{i}", (key, $"value {i}"));
            Assert.Equal($"k{i}", harness.Snapshot.KillSwitchId(decision.KillSwitch));
            Assert.NotEqual(Reason.KillSwitch, harness.Decide($"GET a/r{i}", (key, $"value {i + 1}")).Reason);
        }
    }

    /// <summary>Switches that say the same in any order of their ends: the first in the set that has not ended, as a search of all finds it.</summary>
    [Fact]
    public void Decide_ManySwitchesThatSayTheSame_TheFirstInForceCounts()
    {
        var random = Seeds.Next(out var seed);
        for (var round = 0; round < 300; round++)
        {
            KillSwitchDefinition[] switches = [.. Enumerable.Range(0, random.Next(1, 40)).Select(i =>
                Kill($"k{i}", Header("h"), "v", random.Next(3) == 0 ? "/r" : null) with
                {
                    ExpiresAt = random.Next(20) == 0 ? null : In(random.Next(-5, 30)),
                })];
            using var harness = new Harness(Compiled());
            harness.Snapshot = harness.Snapshot.WithPushedKillSwitches([.. switches]);
            for (var second = 0; second < 31; second++)
            {
                var time = DateTimeOffset.FromUnixTimeMilliseconds(harness.Now.UnixMilliseconds);
                var expected = (switches.FirstOrDefault(s => s.Route is null && !(s.ExpiresAt <= time))
                    ?? switches.FirstOrDefault(s => s.Route is not null && !(s.ExpiresAt <= time)))?.Id;
                var found = harness.Decide("GET a/r", (Header("h"), "v")).KillSwitch;
                Assert.True(expected == (found < 0 ? null : harness.Snapshot.KillSwitchId(found)), $"seed {seed}, round {round}, second {second}");
                harness.Advance(1);
            }
        }
    }

    /// <summary>The worst set there is: ten thousand that say the same, of which all but the last have ended.</summary>
    [Fact]
    public void Decide_TenThousandThatSayTheSame_FindsTheOneInForce()
    {
        using var harness = new Harness(Compiled());
        harness.Snapshot = harness.Snapshot.WithPushedKillSwitches(
            [.. Enumerable.Range(0, 10_000).Select(i => Kill($"k{i}", Header("h"), "v") with { ExpiresAt = In(i - 9_999.5) })]);
        harness.Nanoseconds -= 600_000_000;
        Assert.Equal("k9999", harness.Snapshot.KillSwitchId(harness.Decide("GET a/", (Header("h"), "v")).KillSwitch));
    }

    [Fact]
    public void FirstAfter_OfTenThousand_LooksAtFourteen()
    {
        long[] ends = [.. Enumerable.Range(0, 10_000).Select(i => i * 10L)];
        foreach (var (moment, first) in new[] { (-1L, 0), (0L, 1), (5L, 1), (50_000L, 5_001), (99_989L, 9_999), (99_990L, 10_000) })
        {
            var looks = new Looks();
            Assert.Equal(first, KillSwitchIndex.FirstAfter(ends, new Moment(moment, looks)));
            Assert.InRange(looks.Count, 1, 14);
        }
    }

    private static CompiledPolicy Compiled(params KillSwitchDefinition[] switches) =>
        PolicyCompiler.Compile(Document(Policy("p", Rule("r", 0.001, 2))) with { KillSwitches = [.. switches] }, "d");

    private sealed class Looks
    {
        public int Count { get; set; }
    }

    private readonly struct Moment(long at, Looks looks) : IComparable<long>
    {
        public int CompareTo(long other)
        {
            looks.Count++;
            return at.CompareTo(other);
        }
    }
}
