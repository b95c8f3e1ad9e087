using System.Runtime.CompilerServices;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Counters;

public sealed class CounterTableTests
{
    private static readonly UInt128 Seed = new(1, 2);

    [Fact]
    public void Structs_OfTheTable_HaveTheSizesOfTheFileFormat()
    {
        Assert.Equal(32, Unsafe.SizeOf<Cell>());
        Assert.Equal(256, Unsafe.SizeOf<TableHeader>());
        Assert.Equal(16, Unsafe.SizeOf<CounterKey>());
        Assert.InRange(Unsafe.SizeOf<Reservation>(), 1, 120);
        Assert.InRange(Unsafe.SizeOf<Decision>(), 1, 104);
        Assert.Equal(8, Unsafe.SizeOf<Admission>());
    }

    [Theory]
    [InlineData(64 * 1024, 2048)]
    [InlineData(100_000, 2048)]
    [InlineData(1 << 20, 32768)]
    [InlineData((1 << 21) - 1, 32768)]
    public void Create_AnySize_RoundsDownToAPowerOfTwoSets(long bytes, long cells)
    {
        using var table = CounterTable.Create(new CounterTableOptions(bytes, Seed));
        Assert.Equal(cells, table.Capacity);
        Assert.Equal(0, table.Occupied);
    }

    [Theory]
    [InlineData(65535)]
    [InlineData((64L << 30) + 1)]
    public void Create_SizeOutOfRange_Throws(long bytes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CounterTable.Create(new CounterTableOptions(bytes, Seed)));

    [Fact]
    public void Decide_MoreKeysThanCells_ForgetsIdleCountersOnly()
    {
        using var harness = new Harness(Bundle.Compile(Policy("p", Rule("r", 10, 10, Header("k")))), CounterTable.MinMemoryBytes);
        for (var i = 0; i < 20_000; i++)
        {
            // A second later every counter before is full again and may go.
            Assert.Equal(Verdict.Allow, harness.Decide(values: (Header("k"), $"key {i}")).Verdict);
            harness.Advance(1);
        }

        Assert.Equal(0, harness.Table.FullSets);

        // An idle cell of its own set before an empty one: the table does not fill with what is idle.
        Assert.InRange(harness.Table.Occupied, 1, harness.Table.Capacity / 2);
    }

    [Fact]
    public void Decide_SetsFullOfLiveCellsOfSeveralLimits_SendTheNewcomersOfEachToItsOverflowCounter()
    {
        const int Keys = 3000;
        const int Limits = 4;
        var policies = Enumerable.Range(0, Limits)
            .Select(i => Policy($"p{i}", Rule("r", 0.001, 1, Header("k"))) with { Selector = new SelectorDefinition { PathPrefix = $"/{i}" } }).ToArray();
        using var harness = new Harness(Bundle.Compile(policies), CounterTable.MinMemoryBytes);
        var admitted = new int[Limits];
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < Keys * Limits; i++)
            {
                admitted[i % Limits] += harness.Decide($"GET localhost/{i % Limits}/a", (Header("k"), $"key {i}")).IsAdmitted ? 1 : 0;
            }
        }

        // Sets are full before any limit has its share, since four of them want cells; nobody who has one loses it, and all others of a limit have one burst together.
        Assert.True(harness.Table.FullSets > 0);
        Assert.True(harness.Table.Overflows > 0);
        Assert.Equal(Limits, harness.Table.OverflowOccupied);
        Assert.Equal(harness.Table.Occupied + Limits, admitted.Sum());
        Assert.All(admitted, a => Assert.True(a > 1, $"{a} admitted of one limit"));
    }

    [Fact]
    public void Decide_MoreLiveKeysThanCells_SharesOneOverflowCounterAndIsNeverOver()
    {
        const int Keys = 6000;
        using var harness = new Harness(Bundle.Compile(Policy("p", Rule("r", 0.001, 5, Header("k")))), CounterTable.MinMemoryBytes);
        var admitted = new int[Keys];
        for (var round = 0; round < 8; round++)
        {
            for (var i = 0; i < Keys; i++)
            {
                admitted[i] += harness.Decide(values: (Header("k"), $"key {i}")).Verdict == Verdict.Allow ? 1 : 0;
            }
        }

        Assert.True(harness.Table.FullShares > 0);
        Assert.All(admitted, a => Assert.InRange(a, 0, 5));
        var withCell = (int)harness.Table.Occupied;
        Assert.InRange(withCell, harness.Table.Capacity / 2 - 8, harness.Table.Capacity / 2);

        // Everybody with a cell has had the burst, all others together the overflow counter's.
        Assert.Equal((withCell * 5) + 5, admitted.Sum());
    }

    [Fact]
    public void Decide_NewcomerThatGetsACellAfterOverflow_IsChargedWhatOverflowGave()
    {
        using var harness = new Harness(
            Bundle.Compile(Policy("p", Rule("long", 0.001, 5, Header("k"))), Policy("q", Rule("fast", 0.01, 5, Header("j")))),
            CounterTable.MinMemoryBytes);

        // Fill the table with counters that are idle again in 100 s, then let one newcomer use the overflow counter.
        for (var i = 0; i < 20_000; i++)
        {
            harness.Decide(values: [(Header("j"), $"filler {i}"), (Header("k"), null)]);
        }

        var policy = Bundle.Compile(Policy("q", Rule("fast", 0.01, 5, Header("j"))));
        harness.Snapshot = harness.Snapshot.WithPolicy(policy);
        for (var i = 0; i < 20_000; i++)
        {
            harness.Decide(values: (Header("j"), $"filler {i}"));
        }

        policy = Bundle.Compile(Policy("p", Rule("long", 0.001, 5, Header("k"))));
        harness.Snapshot = harness.Snapshot.WithPolicy(policy);
        Assert.Equal(4, harness.Admitted(4, values: (Header("k"), "newcomer")));
        harness.Advance(600);

        // The fillers are full again: the newcomer gets a cell, but not a second burst.
        Assert.Equal(1, harness.Admitted(5, values: (Header("k"), "newcomer")));
    }

    [Fact]
    public void Decide_RuleWithoutCellNorOverflowCell_RefusesWithCountersFull()
    {
        using var harness = new Harness(FullTable(out var rules), CounterTable.MinMemoryBytes);
        var full = 0;
        for (var key = 0; key < 3; key++)
        {
            for (var rule = 0; rule < rules; rule++)
            {
                var decision = harness.Decide(values: [(Header("r"), $"{rule}"), (Header("k"), $"{key}")]);
                full += decision.Reason == Reason.CountersFull ? 1 : 0;
                Assert.True(decision.Reason != Reason.CountersFull || decision is { Status: 503, Closed: FailureCauses.CountersFull });
            }
        }

        Assert.True(full > 0);
    }

    [Fact]
    public void Decide_BreakerWithoutCellNorOverflowCell_RefusesWithCountersFull()
    {
        // As many policies as fill the table, the overflow cells included; each guard counts for keys of its own.
        var policies = Enumerable.Range(0, 1500).Select(i => Policy($"p{i:d4}", Rule("r", 1000, 1000, Header("k"))) with
        {
            Selector = new EdgeGuard.Bundles.Model.SelectorDefinition { PathExact = $"/{i}" },
            CircuitBreaker = new EdgeGuard.Bundles.Model.CircuitBreakerDefinition { ThresholdPerMinute = 1000 },
        });
        using var harness = new Harness(Bundle.Compile([.. policies]), CounterTable.MinMemoryBytes);
        var full = 0;
        for (var key = 0; key < 3; key++)
        {
            for (var policy = 0; policy < 1500; policy++)
            {
                var decision = harness.Decide($"GET localhost/{policy}", (Header("k"), $"{key}"));
                Assert.True(decision.IsAdmitted || decision is { Reason: Reason.CountersFull, Status: 503, RetryAfterSeconds: 1 }, $"{decision.Reason}");
                full += decision.IsAdmitted ? 0 : 1;
            }
        }

        Assert.True(full > 0);
        Assert.DoesNotContain(harness.Table.Breakers.All, tally => tally.Value.Opened > 0);
    }

    [Fact]
    public void Decide_RuleWithoutCell_WhereItsPolicySaysOpen_PassesThatLimitAndTellsSo()
    {
        using var harness = new Harness(FullTable(out var rules, new OnFailureDefinition { OpenWithoutCounters = true }), CounterTable.MinMemoryBytes);
        var opened = 0;
        for (var key = 0; key < 3; key++)
        {
            for (var rule = 0; rule < rules; rule++)
            {
                var decision = harness.Decide(values: [(Header("r"), $"{rule}"), (Header("k"), $"{key}")]);
                Assert.True(decision.IsAdmitted, $"{decision.Reason}");
                Assert.Equal(FailureCauses.None, decision.Closed);
                opened += decision.Opened == FailureCauses.CountersFull ? 1 : 0;
            }
        }

        Assert.True(opened > 0);
    }

    private static CompiledPolicy FullTable(out int rules, OnFailureDefinition? onFailure = null)
    {
        rules = 1500;
        var all = new EdgeGuard.Bundles.Model.RuleDefinition[rules];
        for (var i = 0; i < rules; i++)
        {
            all[i] = Rule($"r{i}", 0.000001, 5, Header("k")).When(Header("r"), $"{i}");
        }

        return Bundle.Compile(Policy("p", all) with { OnFailure = onFailure });
    }
}
