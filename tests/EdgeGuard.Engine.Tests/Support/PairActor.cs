using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Tests.Support;

/// <summary>
/// One of two limits in a truth table: a policy with one rule that holds two requests a value, for its own host and for <c>both.test</c>, brought
/// into the state in which it gives its outcome.
/// </summary>
internal sealed record PairActor(string Kind, PairOutcome Outcome)
{
    /// <summary>What each limit holds.</summary>
    public const int Quota = 2;

    /// <summary>Units that a throttling budget delays by; the other one of a pair by another number.</summary>
    public const int DelayMilliseconds = 40;

    private static readonly string[] Kinds = ["token_bucket", "cost_based", "token_bucket_llm", "sliding_window", "concurrency", "hierarchy"];

    /// <summary>Every kind of limiter with every outcome that it can have.</summary>
    public static IEnumerable<PairActor> All { get; } =
    [
        .. from kind in Kinds
           from outcome in Enum.GetValues<PairOutcome>()
           where kind == "cost_based" || outcome is not (PairOutcome.Warns or PairOutcome.Throttles)
           select new PairActor(kind, outcome),
    ];

    public bool IsShadow => Outcome is PairOutcome.ShadowAllows or PairOutcome.ShadowRefuses or PairOutcome.ShadowMissing;

    /// <summary>Why it refuses for real, or none.</summary>
    public Reason Refusal => Outcome switch
    {
        PairOutcome.Refuses => Exceeded,
        PairOutcome.MissingDenied => Reason.DescriptorMissing,
        PairOutcome.Unverifiable => Reason.IdentityInvalid,
        _ => Reason.None,
    };

    /// <summary>Why its shadow would refuse, or none.</summary>
    public Reason ShadowRefusal => Outcome switch
    {
        PairOutcome.ShadowRefuses => Exceeded,
        PairOutcome.ShadowMissing => Reason.DescriptorMissing,
        _ => Reason.None,
    };

    /// <summary>Whether an admitted request takes one from its limit.</summary>
    public bool Takes => Outcome is PairOutcome.Allows or PairOutcome.Warns or PairOutcome.Throttles or PairOutcome.ShadowAllows;

    /// <summary>Seconds that a client is told to wait; a refusal that no waiting helps counts as longer than any.</summary>
    public int Wait => Outcome switch
    {
        PairOutcome.MissingDenied or PairOutcome.Unverifiable => int.MaxValue,
        PairOutcome.Refuses => Kind switch
        {
            "cost_based" => 3600,
            "sliding_window" => 66,
            "concurrency" => 1,
            "token_bucket_llm" => 30,
            _ => 1000,
        },
        _ => 0,
    };

    private Reason Exceeded => Kind switch
    {
        "cost_based" => Reason.BudgetExceeded,
        "sliding_window" => Reason.SlidingWindowExceeded,
        "concurrency" => Reason.ConcurrencyExceeded,
        "token_bucket_llm" => Reason.TpmExceeded,
        _ => Reason.TokenBucketExceeded,
    };

    public static DescriptorKey KeyOf(string id) => Bundle.Header("key-" + id);

    public static DescriptorKey ConditionOf(string id) => Bundle.Header("condition-" + id);

    /// <summary>The policy, named and hosted by an id.</summary>
    public PolicyDefinition Policy(string id, int delayMilliseconds) => new()
    {
        Id = id,
        Mode = IsShadow ? PolicyMode.Shadow : PolicyMode.Enforce,
        Selector = new SelectorDefinition { Hosts = [id + ".test", "both.test"] },
        Rules =
        [
            new RuleDefinition
            {
                Name = "limit",
                LimitKeys = Kind == "hierarchy" ? [] : [KeyOf(id)],
                OnMissing = Outcome switch
                {
                    PairOutcome.MissingSkipped => OnMissing.Allow,
                    PairOutcome.MissingShared => OnMissing.Shared,
                    _ => OnMissing.Deny,
                },
                Match = Outcome == PairOutcome.NotMatched ? [new MatchEntry(ConditionOf(id), "yes")] : [],
                Algorithm = Algorithm(KeyOf(id), delayMilliseconds),
            },
        ],
    };

    /// <summary>What the request of the pair says to this one.</summary>
    public IEnumerable<(DescriptorKey Key, string? Value)> Facts(string id) => Outcome switch
    {
        PairOutcome.MissingSkipped or PairOutcome.MissingShared or PairOutcome.MissingDenied or PairOutcome.ShadowMissing => [],
        PairOutcome.Unverifiable => [(KeyOf(id), null)],
        _ => [(KeyOf(id), "v")],
    };

    /// <summary>A request to this one alone that it counts under the value of the pair's request.</summary>
    public (DescriptorKey Key, string? Value)[] OwnFacts(string id) => Outcome == PairOutcome.MissingShared
        ? []
        : [(KeyOf(id), "v"), (ConditionOf(id), "yes")];

    private AlgorithmDefinition Algorithm(DescriptorKey key, int delayMilliseconds) => Kind switch
    {
        "token_bucket" => Bucket(),
        "cost_based" => Budget(delayMilliseconds),
        "token_bucket_llm" => new TokenBucketLlmDefinition { TokensPerMinute = Quota, BurstTokens = Quota, DefaultMaxCompletion = 1 },
        "sliding_window" => new SlidingWindowDefinition { Limit = Quota, Window = TimeSpan.FromSeconds(60) },
        "concurrency" => new ConcurrencyDefinition { Limit = Quota },
        _ => new HierarchyDefinition
        {
            Levels =
            [
                new HierarchyLevel { Name = "all", Algorithm = Bucket() with { Burst = Quota + 5 } },
                new HierarchyLevel { Name = "one", LimitKeys = [key], Algorithm = Bucket() },
            ],
        },
    };

    private static TokenBucketDefinition Bucket() => new() { TokensPerSecond = 0.001, Burst = Quota };

    private CostBasedDefinition Budget(int delayMilliseconds) => new()
    {
        Budget = Quota,
        Window = new BudgetWindow { Period = BudgetPeriod.Hour },
        Actions = Outcome switch
        {
            PairOutcome.Warns => [new StagedAction(0, StagedActionKind.Warn, 0), Full],
            PairOutcome.Throttles => [new StagedAction(0, StagedActionKind.Throttle, delayMilliseconds), Full],
            _ => [Full],
        },
    };

    private static StagedAction Full => new(100, StagedActionKind.Reject, 0);
}
