using System.Collections.Immutable;
using System.Text;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Matching;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Engine.Testing;

/// <summary>Runs the tests of a bundle against it, each on its own empty counters and in virtual time.</summary>
public static class PolicyTestRunner
{
    /// <summary>8192 counters: a test that touches more meets full sets, as a small edge would.</summary>
    private const long TableBytes = 256 * 1024;

    private const long NanosecondsPerTick = 100;

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
        var facts = new FactSet();
        var outcomes = ImmutableArray.CreateBuilder<PolicyTestOutcome>(tests.Length);
        for (var i = 0; i < tests.Length; i++)
        {
            counters.Clear();
            var failures = ImmutableArray.CreateBuilder<Diagnostic>();
            RunOne(tests[i], $"tests[{i}]", engine, snapshot, facts, failures);
            outcomes.Add(new PolicyTestOutcome(tests[i].Name, failures.Count == 0, failures.ToImmutable()));
        }

        return outcomes.MoveToImmutable();
    }

    private static void RunOne(
        PolicyTest test,
        string path,
        DecisionEngine engine,
        PolicySnapshot snapshot,
        FactSet facts,
        ImmutableArray<Diagnostic>.Builder failures)
    {
        var time = test.Start;
        for (var step = 0; step < test.Steps.Length; step++)
        {
            var current = test.Steps[step];
            time += current.After;
            var now = new EngineTime((time - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick, time.ToUnixTimeMilliseconds());
            for (var i = 1; i <= current.Times; i++)
            {
                var decision = Decide(current.Request, engine, snapshot, facts, now);
                var last = i == current.Times;
                if (PolicyTestComparison.Difference(current.Expect, in decision, snapshot, last) is not { } difference)
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

    private static Decision Decide(
        PolicyTestRequest request, DecisionEngine engine, PolicySnapshot snapshot, FactSet facts, EngineTime now)
    {
        var target = Encoding.UTF8.GetBytes(request.Path);
        var path = new byte[target.Length];
        if (!PathCanonicalizer.TryCanonicalize(target, path, out var length, out var queryStart))
        {
            return Decision.Refused(Reason.MalformedRequest);
        }

        var method = Encoding.UTF8.GetBytes(request.Method);
        var host = Encoding.UTF8.GetBytes(request.Host);
        var normalized = new byte[host.Length];
        var hostLength = HostNormalizer.Normalize(host, normalized);
        var view = new RequestView(method, normalized.AsSpan(0, hostLength), path.AsSpan(0, length), facts);
        facts.Begin(snapshot.Facts);
        PolicyTestFacts.Fill(request, snapshot.Facts, facts);
        RequestLineFacts.Fill(snapshot.Facts, view.Method, view.Host, view.Path, facts);
        if (queryStart >= 0)
        {
            QueryReader.Fill(target.AsSpan(queryStart), snapshot.Facts, facts);
        }

        return engine.Decide(snapshot, in view, now, out _);
    }
}
