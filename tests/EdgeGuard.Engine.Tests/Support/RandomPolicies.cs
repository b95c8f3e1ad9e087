using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Tests.Support;

/// <summary>Random policies of every kind of limiter, with numbers that come out even, so that the books and the engine can agree to the last digit.</summary>
internal sealed class RandomPolicies(Random random)
{
    private const int Keys = 3;

    private static readonly double[] Rates = [0.5, 1, 2, 7, 12.5];

    /// <summary>The descriptors that they count by.</summary>
    public static IReadOnlyList<DescriptorKey> Descriptors { get; } = [.. Enumerable.Range(0, Keys).Select(i => Bundle.Header("k" + i))];

    /// <summary>One to four policies.</summary>
    public PolicyDefinition[] Next() => [.. Enumerable.Range(0, random.Next(1, 5)).Select(Policy)];

    /// <summary>The same policies with other numbers; what is counted stays.</summary>
    public PolicyDefinition[] Change(PolicyDefinition[] policies) => [.. policies.Select(policy => policy with
    {
        Rules = [.. policy.Rules.Select(rule => rule with
        {
            Algorithm = random.Next(2) == 0 && CanChange(policies, policy, rule.Algorithm) ? Changed(rule.Algorithm) : rule.Algorithm,
        })],
    })];

    /// <summary>A request's facts: each key has one of a few values or is missing.</summary>
    public Dictionary<DescriptorKey, string> Facts()
    {
        var facts = new Dictionary<DescriptorKey, string>();
        foreach (var key in Descriptors)
        {
            if (random.Next(5) > 0)
            {
                facts.Add(key, random.Next(3) == 0 ? "a|b" : "a");
            }
        }

        return facts;
    }

    private PolicyDefinition Policy(int index) => new()
    {
        Id = "p" + index,
        Mode = random.Next(4) == 0 ? PolicyMode.Shadow : PolicyMode.Enforce,
        Selector = new SelectorDefinition { PathPrefix = "/" },
        Rules = [.. Enumerable.Range(0, random.Next(1, 4)).Select(i => Rule("r" + i))],
        FallbackLimit = random.Next(3) == 0 ? Rule("fallback") : null,
    };

    private RuleDefinition Rule(string name)
    {
        var hierarchy = random.Next(6) == 0;
        return new RuleDefinition
        {
            Name = name,
            LimitKeys = hierarchy ? [] : [.. Descriptors.Where(_ => random.Next(2) == 0)],
            OnMissing = (OnMissing)random.Next(3),
            Match = random.Next(4) == 0 ? [new MatchEntry(Descriptors[random.Next(Keys)], "a")] : [],
            Algorithm = hierarchy ? Hierarchy() : Limiter(),
            Shadow = !hierarchy && random.Next(4) == 0 ? Limiter() : null,
        };
    }

    private AlgorithmDefinition Limiter() => random.Next(5) switch
    {
        0 => Bucket(),
        1 => Budget(),
        2 => Sliding(),
        3 => new ConcurrencyDefinition { Limit = random.Next(1, 5) },
        _ => Llm(),
    };

    private HierarchyDefinition Hierarchy() => new()
    {
        Levels =
        [
            new HierarchyLevel { Name = "wide", LimitKeys = [Descriptors[0]], Algorithm = Level(8, 16) },
            new HierarchyLevel
            {
                Name = "narrow",
                LimitKeys = [Descriptors[0], Descriptors[1]],
                Algorithm = Level(2, 6),
                Borrow = random.Next(2) == 0 ? new BorrowDefinition(random.Next(1, 4) * 50, random.Next(3) * 25) : null,
            },
        ],
    };

    private AlgorithmDefinition Level(int from, int to) => random.Next(3) switch
    {
        0 => Bucket() with { Burst = Even(from, to) },
        1 => Budget() with { Budget = Even(from, to), Actions = [new StagedAction(100, StagedActionKind.Reject, 0)] },
        _ => Sliding() with { Limit = Even(from, to) },
    };

    private int Even(int from, int to) => random.Next(from / 2, to / 2) * 2;

    private TokenBucketDefinition Bucket()
    {
        var rate = Rates[random.Next(Rates.Length)];
        return new TokenBucketDefinition { TokensPerSecond = rate, Burst = Math.Max(2, Math.Ceiling(rate)) + random.Next(0, 8), Cost = Cost() };
    }

    private CostBasedDefinition Budget() => new()
    {
        Budget = random.Next(2, 12),
        Window = new BudgetWindow { Period = BudgetPeriod.Custom, Length = TimeSpan.FromSeconds(random.Next(1, 5) * 10) },
        Cost = Cost(),
        Actions = random.Next(4) switch
        {
            0 => [new StagedAction(50, StagedActionKind.Warn, 0), Full],
            1 => [new StagedAction(25, StagedActionKind.Warn, 0), new StagedAction(75, StagedActionKind.Throttle, random.Next(1, 900)), Full],
            2 => [new StagedAction(50, StagedActionKind.Reject, 0), Full],
            _ => [Full],
        },
    };

    private static StagedAction Full => new(100, StagedActionKind.Reject, 0);

    private SlidingWindowDefinition Sliding() => new()
    {
        Limit = random.Next(2, 10),
        Window = TimeSpan.FromSeconds(random.Next(1, 5) * 10),
        Precision = random.Next(2) == 0 ? 10 : 5,
        Cost = Cost(),
    };

    private TokenBucketLlmDefinition Llm()
    {
        var minute = random.Next(1, 5) * 60;
        return new TokenBucketLlmDefinition
        {
            TokensPerMinute = minute,
            BurstTokens = minute * random.Next(1, 3),
            TokensPerDay = random.Next(2) == 0 ? minute * random.Next(2, 6) : null,
            DefaultMaxCompletion = random.Next(10, 60),
        };
    }

    private CostSource Cost() => CostSource.One with { Fixed = random.Next(4) == 0 ? 0.5 : random.Next(5) == 0 ? 2 : 1 };

    // What shadows and trials count is compared exactly, and a bucket after a change of its numbers only as a bound. What a trial counts depends on
    // which of the live limits refuse.
    private static bool CanChange(PolicyDefinition[] policies, PolicyDefinition policy, AlgorithmDefinition algorithm) =>
        algorithm is CostBasedDefinition or SlidingWindowDefinition or ConcurrencyDefinition
        || (policy.Mode == PolicyMode.Enforce && policies.All(other => other.Rules.All(rule => rule.Shadow is null) && other.FallbackLimit?.Shadow is null));

    private AlgorithmDefinition Changed(AlgorithmDefinition algorithm) => algorithm switch
    {
        TokenBucketDefinition bucket => Bucket() with { Cost = bucket.Cost },
        CostBasedDefinition budget => budget with { Budget = random.Next(2, 14) },
        SlidingWindowDefinition window => window with { Limit = random.Next(2, 12) },
        ConcurrencyDefinition => new ConcurrencyDefinition { Limit = random.Next(1, 6) },
        _ => algorithm,
    };
}
