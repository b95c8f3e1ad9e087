using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Bench.Micro.Decide;

/// <summary>One policy for each limiter and for what wraps one, with numbers that never refuse: every decision takes.</summary>
internal static class Limiters
{
    private const double Plenty = 1_000_000_000_000;
    private static readonly DescriptorKey Organization = new(DescriptorKind.Header, "x-org");
    private static readonly DescriptorKey Team = new(DescriptorKind.Header, "x-team");
    private static readonly DescriptorKey User = new(DescriptorKind.Header, "x-user");

    private static readonly TokenBucketDefinition Bucket = new() { TokensPerSecond = 2_000_000, Burst = 2_000_000 };

    private static readonly Dictionary<string, PolicyDefinition> All = new(StringComparer.Ordinal)
    {
        ["token_bucket"] = Policy(Rule(Bucket)),
        ["token_bucket, cost from a header"] = Policy(Rule(
            Bucket with { Cost = new CostSource(new DescriptorKey(DescriptorKind.Header, "x-cost"), 1, 1, 1) })),
        ["cost_based, 5 minutes"] = Policy(Rule(Budget(BudgetPeriod.FiveMinutes, "UTC"))),
        ["cost_based, month in a time zone"] = Policy(Rule(Budget(BudgetPeriod.Month, "Europe/Berlin"))),
        ["sliding_window, 10 parts"] = Policy(Rule(new SlidingWindowDefinition { Limit = Plenty, Window = TimeSpan.FromMinutes(1) })),
        ["concurrency"] = Policy(Rule(new ConcurrencyDefinition { Limit = 1_000_000 })),
        ["token_bucket_llm, minute and day"] = Policy(Rule(
            new TokenBucketLlmDefinition { TokensPerMinute = Plenty, BurstTokens = Plenty, TokensPerDay = Plenty })),
        ["hierarchy, 3 levels"] = Policy(Rule(new HierarchyDefinition
        {
            Levels =
            [
                new HierarchyLevel { Name = "org", LimitKeys = [Organization], Algorithm = Bucket },
                new HierarchyLevel { Name = "team", LimitKeys = [Organization, Team], Algorithm = Bucket, Borrow = new BorrowDefinition(100, 10) },
                new HierarchyLevel { Name = "user", LimitKeys = [Organization, Team, User], Algorithm = Bucket, Borrow = new BorrowDefinition(100, 10) },
            ],
        })),
        ["token_bucket with tiers"] = Policy(Rule(Bucket) with
        {
            Tiers = new TiersDefinition
            {
                By = User,
                Default = "free",
                Plans = [new TierPlan("free", Bucket), new TierPlan("pro", Bucket)],
                For = User,
            },
        }),
        ["token_bucket with a trial"] = Policy(Rule(Bucket) with { Shadow = Bucket }),
        ["token_bucket for a share"] = Policy(Rule(Bucket) with { Enforcement = new EnforcementDefinition(50, User) }),
        ["shadow policy"] = Policy(Rule(Bucket)) with { Mode = PolicyMode.Shadow },
        ["loop detection beside it"] = Policy(Rule(Bucket)) with { LoopDetection = new LoopDetectionDefinition { Action = LoopAction.Warn } },
        ["near loop detection beside it"] = Policy(Rule(Bucket)) with { LoopDetection = new LoopDetectionDefinition { Near = true, Action = LoopAction.Warn } },
        ["circuit breaker beside it"] = Policy(Rule(Bucket)) with { CircuitBreaker = new CircuitBreakerDefinition { ThresholdPerMinute = Plenty } },
        ["adaptive concurrency beside it"] = Policy(Rule(Bucket)) with { AdaptiveConcurrency = new AdaptiveConcurrencyDefinition() },
    };

    public static IEnumerable<string> Names => All.Keys;

    public static Scenario Scenario(string name) => Decide.Scenario.Of(All[name]);

    private static CostBasedDefinition Budget(BudgetPeriod period, string zone) => new()
    {
        Budget = Plenty,
        Window = new BudgetWindow { Period = period, TimeZone = zone },
        Actions = [new StagedAction(80, StagedActionKind.Warn, 0), new StagedAction(100, StagedActionKind.Reject, 0)],
    };

    private static PolicyDefinition Policy(RuleDefinition rule) => new()
    {
        Id = "p",
        Selector = new SelectorDefinition { PathPrefix = "/v1/" },
        Rules = [rule],
    };

    private static RuleDefinition Rule(AlgorithmDefinition algorithm) => new()
    {
        Name = "r",
        LimitKeys = algorithm is HierarchyDefinition ? [] : [Organization],
        Algorithm = algorithm,
    };
}
