using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Tests.Reference;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Decide;

/// <summary>One random schedule through the engine and the books.</summary>
internal sealed class EngineModelRun
{
    private readonly Random _random;
    private readonly bool _reloads;
    private readonly RandomPolicies _source;
    private readonly ReferenceEngine _books = new();
    private readonly List<(Admission Admission, IReadOnlyList<ReferenceCharge> Charges)> _open = [];
    private readonly List<string> _log = [];
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private PolicyDefinition[] _policies;

    public EngineModelRun(int seed, bool reloads)
    {
        _random = new Random(seed);
        _reloads = reloads;
        _source = new RandomPolicies(_random);
        _policies = _source.Next();
        _books.Load(_policies);
    }

    /// <summary>Where the two parted, and what had happened, or null.</summary>
    public string? Difference { get; private set; }

    /// <summary>Runs the schedule; tells how many decisions were compared.</summary>
    public int Run(int steps)
    {
        using var harness = new Harness(Bundle.Compile(_policies), memoryBytes: 1 << 17);
        harness.Nanoseconds = Harness.Start - 7;
        var decisions = 0;
        for (var step = 0; step < steps && Difference is null; step++)
        {
            switch (_random.Next(10))
            {
                case < 2:
                    harness.Nanoseconds += _random.Next(3) switch
                    {
                        0 => _random.Next(1, 1000) * 1_000_000L,
                        1 => _random.Next(1, 20) * 500_000_000L,
                        _ => _random.Next(1, 60) * 1_000_000_000L,
                    };
                    break;
                case 2 when _open.Count > 0:
                    End(harness);
                    break;
                case 3 when _reloads:
                    Reload(harness);
                    break;
                default:
                    decisions += Decide(harness);
                    break;
            }
        }

        return decisions;
    }

    private void Reload(Harness harness)
    {
        var changed = _source.Change(_policies);
        foreach (var (before, after) in _policies.Zip(changed))
        {
            foreach (var (old, rule) in before.Rules.Zip(after.Rules))
            {
                if (old.Algorithm != rule.Algorithm && rule.Algorithm is TokenBucketDefinition)
                {
                    _changed.Add(after.Id + "/" + rule.Name);
                }
            }
        }

        _policies = changed;
        harness.Reload(_policies);
        _books.Load(_policies);
        _log.Add("reload");
    }

    private void End(Harness harness)
    {
        var index = _random.Next(_open.Count);
        var (admission, charges) = _open[index];
        _open.RemoveAt(index);
        decimal? usage = _random.Next(3) == 0 ? null : _random.Next(0, 120);
        if (usage is { } tokens)
        {
            harness.Engine.Settle(admission, new Usage((long)tokens, 0), harness.Now);
        }

        harness.Engine.Finish(admission, Ending.Completed, harness.Now);
        ReferenceEngine.End(charges, usage, harness.Nanoseconds);
        _log.Add($"{At(harness)} end, usage {usage}");
    }

    private int Decide(Harness harness)
    {
        var facts = _source.Facts();
        var times = _random.Next(1, 6);
        for (var i = 0; i < times && Difference is null; i++)
        {
            var expected = _books.Check(facts, harness.Nanoseconds);
            var decision = harness.Decide(out var admission, [.. facts.Select(fact => (fact.Key, (string?)fact.Value))]);
            _log.Add($"{At(harness)} {string.Join(' ', facts)}: {decision.Verdict} {decision.Reason} by {decision.Policy}/{decision.Rule}, {decision.Remaining} left; shadow {decision.ShadowReason}");
            Compare(decision, expected);
            var charges = _books.Take(facts, harness.Nanoseconds, decision.IsAdmitted);
            if (!admission.IsEmpty)
            {
                _open.Add((admission, charges));
            }
        }

        return times;
    }

    private void Compare(in Decision decision, ReferenceVerdict expected)
    {
        if (decision.IsAdmitted != expected.Admitted)
        {
            var isBound = !decision.IsAdmitted && decision.Rule >= 0 && _changed.Contains(NameOf(decision));
            Part(isBound ? null : $"the books say {(expected.Admitted ? "admit" : "refuse")}");
            return;
        }

        Part(decision.ShadowReason != Reason.None == expected.ShadowRefuses ? null : $"the books say shadow refuses: {expected.ShadowRefuses}");
        Part(decision.Disagreements == expected.Disagreements ? null : $"the books count {expected.Disagreements} disagreements");
        if (decision.IsAdmitted)
        {
            var verdict = expected.DelayMilliseconds > 0 ? Verdict.Throttle : expected.Marked ? Verdict.Warn : Verdict.Allow;
            Part(decision.Verdict == verdict && decision.DelayMilliseconds == expected.DelayMilliseconds
                ? null
                : $"the books say {verdict} by {expected.DelayMilliseconds} ms");
        }
    }

    private string NameOf(in Decision decision)
    {
        var policies = _policies.OrderBy(policy => policy.Id, StringComparer.Ordinal);
        return policies.SelectMany(policy => policy.Rules.Concat(policy.FallbackLimit is { } fallback ? [fallback] : [])
            .Select(rule => policy.Id + "/" + rule.Name)).ElementAt(decision.Rule);
    }

    private void Part(string? difference)
    {
        if (difference is not null && Difference is null)
        {
            Difference = difference + "\n" + string.Join('\n', _log) + "\n" + string.Join('\n', _policies.SelectMany(policy =>
                policy.Rules.Concat(policy.FallbackLimit is { } fallback ? [fallback] : []).Select(rule => $"{policy.Id} {policy.Mode} {Text(rule)}")));
        }
    }

    private static string Text(RuleDefinition rule) =>
        $"{rule.Name} by [{string.Join(' ', rule.LimitKeys)}] {rule.OnMissing} if [{string.Join(' ', rule.Match)}]: {Text(rule.Algorithm)} trial {Text(rule.Shadow)}";

    private static string Text(AlgorithmDefinition? algorithm) => algorithm switch
    {
        HierarchyDefinition hierarchy => string.Join(" / ", hierarchy.Levels.Select(level => $"{Text(level.Algorithm)} {level.Borrow}")),
        CostBasedDefinition budget => $"{budget} {string.Join(' ', budget.Actions)}",
        _ => algorithm?.ToString() ?? "none",
    };

    private static string At(Harness harness) => $"{(harness.Nanoseconds - Harness.Start + 7) / 1e9:0.000}";
}
