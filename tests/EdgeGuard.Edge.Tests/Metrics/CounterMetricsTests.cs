using System.Globalization;
using EdgeGuard.Edge.Metrics;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Edge.Tests.Metrics;

/// <summary>That the numbers move, and for the reason that their page gives.</summary>
public sealed class CounterMetricsTests
{
    private const long Start = 1_767_225_600_000_000_007;

    [Fact]
    public void Occupancy_OfATableThatFills_IsToldWithWhatWasRefusedAndForgotten()
    {
        using var table = CounterTable.Create(new CounterTableOptions(CounterTable.MinMemoryBytes, new UInt128(1, 2)));
        var engine = new DecisionEngine(table);
        var idle = Read(table);
        Assert.Equal(table.Capacity, idle["capacity"]);
        Assert.All(idle.Where(metric => metric.Key != "capacity"), metric => Assert.Equal(0, metric.Value));

        Decide(engine, 100, Start);
        Assert.Equal(100, Read(table)["occupied"]);

        // More live keys than cells: nobody can be forgotten, and newcomers share.
        Decide(engine, 3 * (int)table.Capacity, Start);
        var full = Read(table);
        Assert.InRange(full["occupied"], table.Capacity / 4, table.Capacity);
        Assert.True(full["full_sets_total"] + full["full_shares_total"] > 0);
        Assert.Equal(full["full_sets_total"] + full["full_shares_total"], full["evictions_refused_total"]);
        Assert.True(full["overflow_total"] > 0 && full["overflow_occupied"] > 0);
        Assert.Equal(0, full["forgotten_total"]);

        // A day later all of them are idle, and others get their room.
        Decide(engine, 100, Start + (24L * 3600 * 1_000_000_000), first: 10 * (int)table.Capacity);
        Assert.True(Read(table)["forgotten_total"] > 0);
    }

    [Fact]
    public async Task Disagreements_OfALimitOnTrial_AreCountedByDirection()
    {
        await using var edge = await EdgeUnderTest.StartAsync("""
            format: edgeguard/v1
            bundle_version: 1
            policies:
              - id: tighter
                spec:
                  selector: {pathPrefix: /tighter}
                  rules:
                    - name: r
                      limit_keys: []
                      algorithm: token_bucket
                      algorithm_config: {tokens_per_second: 0.001, burst: 3}
                      shadow: {algorithm: token_bucket, algorithm_config: {tokens_per_second: 0.001, burst: 1}}
              - id: wider
                spec:
                  selector: {pathPrefix: /wider}
                  rules:
                    - name: r
                      limit_keys: []
                      algorithm: token_bucket
                      algorithm_config: {tokens_per_second: 0.001, burst: 1}
                      shadow: {algorithm: token_bucket, algorithm_config: {tokens_per_second: 0.001, burst: 3}}
            """);
        for (var i = 0; i < 4; i++)
        {
            (await edge.GetAsync("/tighter")).Dispose();
            (await edge.DecideAsync("/wider")).Dispose();
        }

        var samples = Exposition.Parse(await edge.Probes.GetStringAsync("/metrics"))["edgeguard_trial_disagreements_total"].Samples;
        Assert.Equal(
            [
                "edgeguard_trial_disagreements_total{policy=\"tighter\",rule=\"r\",direction=\"trial_refuses\"} 2",
                "edgeguard_trial_disagreements_total{policy=\"wider\",rule=\"r\",direction=\"trial_admits\"} 2",
            ],
            samples.Order(StringComparer.Ordinal));
    }

    // The numbers by their names without prefix.
    private static Dictionary<string, long> Read(CounterTable table)
    {
        using var writer = new MetricWriter();
        new CounterMetrics(table).Write(writer);
        return Exposition.Parse(writer.ToString()).ToDictionary(
            family => family.Key["edgeguard_counters_".Length..],
            family => long.Parse(Assert.Single(family.Value.Samples).Split(' ')[1], CultureInfo.InvariantCulture),
            StringComparer.Ordinal);
    }

    private static void Decide(DecisionEngine engine, int keys, long now, int first = 0)
    {
        var snapshot = TestPolicies.Snapshot(policies: 1);
        var facts = new FactSet();
        for (var i = first; i < first + keys; i++)
        {
            facts.Begin(snapshot.Facts);
            facts.Set(0, BitConverter.GetBytes(i));
            engine.Decide(snapshot, new RequestView("GET"u8, default, "/p0"u8, facts), new EngineTime(now, now / 1_000_000), out _);
        }
    }
}
