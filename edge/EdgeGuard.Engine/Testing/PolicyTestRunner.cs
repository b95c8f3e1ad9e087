using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Engine.Testing;

/// <summary>Runs the tests of a bundle against it, each on its own empty counters and in virtual time.</summary>
public static class PolicyTestRunner
{
    /// <summary>8192 counters: a test that touches more meets full sets, as a small edge would.</summary>
    private const long TableBytes = 256 * 1024;

    // Tests must not depend on chance, so their tables hash with a fixed key.
    private static readonly UInt128 Seed = new(0x6564676567756172, 0x6420746573747321);

    /// <summary>Runs all tests.</summary>
    public static ImmutableArray<PolicyTestOutcome> Run(ImmutableArray<PolicyTest> tests, CompiledPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (tests.IsDefaultOrEmpty)
        {
            return [];
        }

        using var counters = CounterTable.Create(new CounterTableOptions(TableBytes, Seed));
        var engine = new DecisionEngine(counters);
        var snapshot = PolicySnapshot.Empty.WithPolicy(policy);
        var outcomes = ImmutableArray.CreateBuilder<PolicyTestOutcome>(tests.Length);
        for (var i = 0; i < tests.Length; i++)
        {
            counters.Clear();
            var failures = ImmutableArray.CreateBuilder<Diagnostic>();
            RunOne(tests[i], $"tests[{i}]", new PolicyTestSession(engine, snapshot, tests[i].Start), snapshot, failures);
            outcomes.Add(new PolicyTestOutcome(tests[i].Name, failures.Count == 0, failures.ToImmutable()));
        }

        return outcomes.MoveToImmutable();
    }

    private static void RunOne(
        PolicyTest test,
        string path,
        PolicyTestSession session,
        PolicySnapshot snapshot,
        ImmutableArray<Diagnostic>.Builder failures)
    {
        for (var step = 0; step < test.Steps.Length; step++)
        {
            var current = test.Steps[step];
            session.Advance(current.After);
            for (var i = 1; i <= current.Times; i++)
            {
                var decision = session.Decide(current.Request, current.Duration, current.UsageTokens);
                var last = i == current.Times;
                if (PolicyTestComparison.Difference(current.Expect, in decision, snapshot, last, session.Answer) is not { } difference)
                {
                    continue;
                }

                var repeat = current.Times > 1 ? $", request {i} of {current.Times}" : string.Empty;
                failures.Add(new Diagnostic(
                    TestCodes.StepFailed,
                    Severity.Error,
                    SourceLocation.None,
                    $"{path}.steps[{step}]",
                    $"test \"{test.Name}\", step {step + 1} of {test.Steps.Length}{repeat}: {difference}",
                    "correct the policy, or what the step expects"));

                // Its other repeats and the steps after it would only tell the same again.
                return;
            }
        }
    }
}
