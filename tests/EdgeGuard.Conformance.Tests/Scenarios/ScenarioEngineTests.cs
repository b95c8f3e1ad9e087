using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Conformance.Tests.Cases;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Engine.Testing;

namespace EdgeGuard.Conformance.Tests.Scenarios;

/// <summary>Every scenario that the engine can express.</summary>
public sealed class ScenarioEngineTests
{
    private static readonly UInt128 Seed = new(0x0123456789abcdef, 0xfedcba9876543210);

    [Fact]
    public void Scenarios_ThroughTheEngine_GiveWhatTheyExpect()
    {
        var failures = new List<string>();
        foreach (var scenario in ScenarioReader.All.Where(scenario => scenario.Doors.Contains(Door.Engine)))
        {
            if (Run(scenario) is { } difference)
            {
                failures.Add($"{scenario.File}: {scenario.Name}: {difference}");
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static string? Run(Scenario scenario)
    {
        using var table = CounterTable.Create(new CounterTableOptions(1 << 20, Seed));
        var engine = new DecisionEngine(table);
        var snapshot = PolicySnapshot.Empty;
        var session = new PolicyTestSession(engine, snapshot, scenario.Start);
        for (var i = 0; i < scenario.Steps.Count; i++)
        {
            var step = scenario.Steps[i];
            session.Advance(step.After);
            string? difference = null;
            if (step.Load is { } bundle)
            {
                var build = BundleBuilder.Build(bundle, "bundle", ValidationContext.Unknown);
                difference = ScenarioCheck.Loaded(step, build.Diagnostics);
                if (build.Policy is { } policy)
                {
                    snapshot = PolicySnapshot.Empty.WithPolicy(policy);
                    session = new PolicyTestSession(engine, snapshot, session.Now);
                }
            }

            for (var repeat = 1; step.Request is { } request && repeat <= step.Times && difference is null; repeat++)
            {
                var decision = session.Decide(request.Plain, TimeSpan.Zero, usageTokens: null);
                difference = ScenarioCheck.Decided(step, in decision, snapshot, last: repeat == step.Times);
            }

            if (difference is not null)
            {
                return $"step {i + 1}: {difference}";
            }
        }

        return null;
    }
}
