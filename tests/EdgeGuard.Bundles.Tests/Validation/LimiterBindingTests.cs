using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Validation;

namespace EdgeGuard.Bundles.Tests.Validation;

/// <summary>Limiters, plans and protection become the model with every documented default.</summary>
public sealed class LimiterBindingTests
{
    private static readonly ValidationContext Verified = new() { JwtVerificationOff = true };

    [Fact]
    public void Budget_WithUnsortedActions_IsSortedAndHasItsDefaults()
    {
        var budget = Bind<CostBasedDefinition>(
            "cost_based", "{budget: 100, period: 7d, staged_actions: [{threshold_percent: 100, action: reject}, {threshold_percent: 50, action: warn}, {threshold_percent: 80, action: throttle, delay_ms: 250}]}");

        Assert.Equal(100, budget.Budget);
        Assert.Equal(new BudgetWindow { Period = BudgetPeriod.Week }, budget.Window);
        Assert.Equal(CostSource.One, budget.Cost);
        Assert.Equal(
            [new StagedAction(50, StagedActionKind.Warn, 0), new StagedAction(80, StagedActionKind.Throttle, 250), new StagedAction(100, StagedActionKind.Reject, 0)],
            budget.Actions);
    }

    [Theory]
    [InlineData("5m", BudgetPeriod.FiveMinutes)]
    [InlineData("1h", BudgetPeriod.Hour)]
    [InlineData("1d", BudgetPeriod.Day)]
    [InlineData("7d", BudgetPeriod.Week)]
    [InlineData("month", BudgetPeriod.Month)]
    public void Period_OfEveryWord_IsBound(string word, BudgetPeriod period) =>
        Assert.Equal(period, Bind<CostBasedDefinition>("cost_based", $"{{budget: 1, period: {word}, staged_actions: [{{threshold_percent: 100, action: reject}}]}}").Window.Period);

    [Fact]
    public void Window_WithEverythingSaid_IsBound()
    {
        const string Actions = "staged_actions: [{threshold_percent: 100, action: reject}]";

        Assert.Equal(
            new BudgetWindow { Period = BudgetPeriod.Week, TimeZone = "America/Sao_Paulo", WeekStart = DayOfWeek.Sunday },
            Bind<CostBasedDefinition>("cost_based", "{budget: 1, period: 7d, time_zone: America/Sao_Paulo, week_start: sunday, " + Actions + "}").Window);
        Assert.Equal(
            new BudgetWindow { Period = BudgetPeriod.Custom, Length = TimeSpan.FromMinutes(30) },
            Bind<CostBasedDefinition>("cost_based", "{budget: 1, period: custom, window: 30m, " + Actions + "}").Window);
    }

    [Fact]
    public void Llm_WithTwoNumbers_HasItsDefaults()
    {
        var llm = Bind<TokenBucketLlmDefinition>("token_bucket_llm", "{tokens_per_minute: 6000}");

        Assert.Equal(new TokenBucketLlmDefinition { TokensPerMinute = 6000, BurstTokens = 6000 }, llm);
        Assert.Equal((1000, 100, 1 << 20), (llm.DefaultMaxCompletion, llm.BufferTokens, llm.MaxBodyBytes));
        Assert.Null(llm.TokensPerDay);
    }

    [Fact]
    public void Llm_WithEverythingSaid_IsBound() => Assert.Equal(
        new TokenBucketLlmDefinition
        {
            TokensPerMinute = 6000,
            TokensPerDay = 90_000,
            BurstTokens = 9000,
            MaxTokensPerRequest = 5000,
            MaxPromptTokens = 4000,
            MaxCompletionTokens = 2000,
            DefaultMaxCompletion = 500,
            CachedTokenWeight = 0,
            ReasoningTokenWeight = 2.5,
            BufferTokens = 50,
            Estimator = TokenEstimator.HeaderHint,
            MaxBodyBytes = 2048,
        },
        Bind<TokenBucketLlmDefinition>("token_bucket_llm", """
            {tokens_per_minute: 6000, tokens_per_day: 90000, burst_tokens: 9000, max_tokens_per_request: 5000, max_prompt_tokens: 4000, max_completion_tokens: 2000,
             default_max_completion: 500, cached_token_weight: 0, reasoning_token_weight: 2.5, buffer_tokens: 50, token_source: {estimator: header_hint, max_body_bytes: 2048}}
            """));

    [Fact]
    public void SlidingWindow_AndConcurrency_AreBoundWithDefaults()
    {
        Assert.Equal(
            new SlidingWindowDefinition { Limit = 5, Window = TimeSpan.FromSeconds(10) },
            Bind<SlidingWindowDefinition>("sliding_window", "{limit: 5, window: 10s}"));
        Assert.Equal(
            new SlidingWindowDefinition { Limit = 5, Window = TimeSpan.FromSeconds(10), Precision = 20, Cost = new CostSource(new DescriptorKey(DescriptorKind.Query, "n"), 1, 3, 2) },
            Bind<SlidingWindowDefinition>("sliding_window", "{limit: 5, window: 10s, precision: 20, cost_source: 'query:n', default_cost: 3, min_cost: 2}"));
        Assert.Equal(new ConcurrencyDefinition { Limit = 7 }, Bind<ConcurrencyDefinition>("concurrency", "{limit: 7}"));
        Assert.Equal(TimeSpan.FromMinutes(2), Bind<ConcurrencyDefinition>("concurrency", "{limit: 7, max_hold: 2m}").MaxHold);
    }

    [Fact]
    public void Hierarchy_OfThreeLevels_IsBoundInOrder()
    {
        var rule = Rule("""
            {name: r, limit_keys: [], ipv6_prefix: 56, algorithm: hierarchy, algorithm_config: {levels: [
              {name: all, limit_keys: [], algorithm: cost_based, algorithm_config: {budget: 10, period: 1d, staged_actions: [{threshold_percent: 100, action: reject}]}},
              {name: network, limit_keys: ['ip:asn'], algorithm: sliding_window, algorithm_config: {limit: 5, window: 10s}, borrow: {max_percent: 50}},
              {name: client, limit_keys: ['ip:asn', 'ip:address'], algorithm: token_bucket, algorithm_config: {rps: 1, burst: 2}, borrow: {max_percent: 20, keep_percent: 0}}]}}
            """);

        var levels = Assert.IsType<HierarchyDefinition>(rule.Algorithm).Levels;
        Assert.Equal(["all", "network", "client"], levels.Select(level => level.Name));
        Assert.IsType<CostBasedDefinition>(levels[0].Algorithm);
        Assert.Null(levels[0].Borrow);
        Assert.Equal(new BorrowDefinition(50, 10), levels[1].Borrow);
        Assert.Equal(new BorrowDefinition(20, 0), levels[2].Borrow);
        Assert.Equal([new DescriptorKey(DescriptorKind.IpAsn, ""), new DescriptorKey(DescriptorKind.IpAddress, "56")], levels[2].LimitKeys);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("ipv6_prefix: 128,", "")]
    [InlineData("ipv6_prefix: 64,", "64")]
    public void Ipv6Prefix_OfAddressKeys_IsTheirName(string prefix, string name)
    {
        var rule = Rule("{name: r, limit_keys: ['ip:address', host], match: {'ip:address': 192.0.2.1}, " + prefix + " algorithm: token_bucket, algorithm_config: {rps: 1, burst: 5}}");

        Assert.Equal([new DescriptorKey(DescriptorKind.IpAddress, name), new DescriptorKey(DescriptorKind.Host, "")], rule.LimitKeys);
        Assert.Equal(new DescriptorKey(DescriptorKind.IpAddress, ""), Assert.Single(rule.Match).Key);
    }

    [Fact]
    public void Tiers_OfAHeader_CountFromTrustedProxiesAndHoldWholeLimiters()
    {
        var tiers = Rule("""
            {name: r, limit_keys: [], algorithm: token_bucket, algorithm_config: {rps: 1, burst: 5, fixed_cost: 2},
             tiers: {by: 'header:X-Plan', default: free, plans: {free: {}, pro: {tokens_per_second: 10, burst: 50}},
              grants: [{value: acme, tier: pro, expires_at: 2030-01-01T00:00:00Z, reason: trial}]}}
            """).Tiers!;

        Assert.Equal(new DescriptorKey(DescriptorKind.TrustedHeader, "x-plan"), tiers.By);
        Assert.Equal(tiers.By, tiers.For);
        Assert.Equal("free", tiers.Default);
        Assert.Equal(
            [
                new TierPlan("free", new TokenBucketDefinition { TokensPerSecond = 1, Burst = 5, Cost = CostSource.One with { Fixed = 2 } }),
                new TierPlan("pro", new TokenBucketDefinition { TokensPerSecond = 10, Burst = 50, Cost = CostSource.One with { Fixed = 2 } }),
            ],
            tiers.Plans);
        Assert.Equal(new TierGrant("acme", "pro", new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero), "trial"), Assert.Single(tiers.Grants));
    }

    [Fact]
    public void RuleExtras_OfEveryKind_AreBound()
    {
        var rule = Rule("""
            {name: r, limit_keys: ['jwt:sub'], algorithm: token_bucket, algorithm_config: {rps: 1, burst: 5},
             tiers: {by: 'jwt:plan', for: 'jwt:org', default: a, plans: {a: {}}}, enforcement: {percent: 12.5, by: 'jwt:sub'},
             shadow: {algorithm: concurrency, algorithm_config: {limit: 3}}}
            """);

        Assert.Equal(new DescriptorKey(DescriptorKind.Claim, "org"), rule.Tiers!.For);
        Assert.Equal(new EnforcementDefinition(12.5, new DescriptorKey(DescriptorKind.Claim, "sub")), rule.Enforcement);
        Assert.Equal(new ConcurrencyDefinition { Limit = 3 }, rule.Shadow);
    }

    [Fact]
    public void Protection_Enabled_IsBoundWithDefaults()
    {
        var policy = Policy("""
            loop_detection: {enabled: true}
                  circuit_breaker: {enabled: true, spend_rate_threshold_per_minute: 50}
                  adaptive_concurrency: {enabled: true, max_limit: 10, priority: {by: 'header:x-class', classes: [paid, free]}}
            """);

        Assert.Equal(new LoopDetectionDefinition(), policy.LoopDetection);
        Assert.Equal(new CircuitBreakerDefinition { ThresholdPerMinute = 50 }, policy.CircuitBreaker);
        Assert.Equal((4, 10, 10), (policy.AdaptiveConcurrency!.MinLimit, policy.AdaptiveConcurrency.MaxLimit, policy.AdaptiveConcurrency.InitialLimit));
        Assert.Equal("free", policy.AdaptiveConcurrency.Priority!.Default);
        Assert.Equal(new DescriptorKey(DescriptorKind.TrustedHeader, "x-class"), policy.AdaptiveConcurrency.Priority.By);
    }

    [Fact]
    public void Protection_WithEverythingSaid_IsBound()
    {
        var policy = Policy("""
            loop_detection: {enabled: true, window_seconds: 30, threshold_identical_requests: 4, action: throttle, similarity: near, similarity_percent: 75, max_cycle_length: 2}
                  circuit_breaker: {enabled: true, spend_rate_threshold_per_minute: 50, auto_reset_after_minutes: 0, half_open_requests: 2, status: 503, alert: true}
            """);

        Assert.Equal(
            new LoopDetectionDefinition { WindowSeconds = 30, Threshold = 4, Action = LoopAction.Throttle, Near = true, SimilarityPercent = 75, MaxCycleLength = 2 }, policy.LoopDetection);
        Assert.Equal(
            new CircuitBreakerDefinition { ThresholdPerMinute = 50, AutoReset = TimeSpan.Zero, HalfOpenRequests = 2, Status = 503, Alert = true }, policy.CircuitBreaker);
    }

    [Fact]
    public void Protection_Disabled_IsNotThere()
    {
        var policy = Policy("""
            loop_detection: {enabled: false}
                  circuit_breaker: {enabled: false}
                  adaptive_concurrency: {enabled: false}
            """);

        Assert.Null(policy.LoopDetection);
        Assert.Null(policy.CircuitBreaker);
        Assert.Null(policy.AdaptiveConcurrency);
    }

    [Fact]
    public void TestSteps_OfEveryNewField_AreBound()
    {
        var step = Sample.Valid(Sample.Native(top: """
            tests: [{name: t, steps: [{duration: 2s, usage_tokens: 70, request: {body: '{"a": 1}', facts: {'ip:country': DE, 'ip:tor': true, 'header:X-Plan': pro}}, expect: {verdict: throttle, delay_ms: 250}}]}]
            """)).Tests[0].Steps[0];

        Assert.Equal(TimeSpan.FromSeconds(2), step.Duration);
        Assert.Equal(70, step.UsageTokens);
        Assert.Equal("{\"a\": 1}", step.Request.Body);
        Assert.Equal(
            [
                KeyValuePair.Create(new DescriptorKey(DescriptorKind.IpCountry, ""), "DE"),
                KeyValuePair.Create(new DescriptorKey(DescriptorKind.IpTor, ""), "true"),
                KeyValuePair.Create(new DescriptorKey(DescriptorKind.TrustedHeader, "x-plan"), "pro"),
            ],
            step.Request.Facts);
        Assert.Equal(("throttle", 250), (step.Expect.Verdict, step.Expect.DelayMilliseconds));
    }

    [Theory]
    [InlineData("ip:country", DescriptorKind.IpCountry, "")]
    [InlineData("ip:asn", DescriptorKind.IpAsn, "")]
    [InlineData("ip:type", DescriptorKind.IpType, "")]
    [InlineData("ip:tor", DescriptorKind.IpTor, "")]
    [InlineData("ua:bot", DescriptorKind.UaBot, "")]
    [InlineData("ua:bot_category", DescriptorKind.UaBotCategory, "")]
    [InlineData("cookie:connect.sid", DescriptorKind.Cookie, "connect.sid")]
    [InlineData("path:12", DescriptorKind.PathSegment, "12")]
    [InlineData("method", DescriptorKind.Method, "")]
    [InlineData("host", DescriptorKind.Host, "")]
    public void Descriptor_OfEveryKind_IsReadAlikeEverywhere(string text, DescriptorKind kind, string name)
    {
        var key = new DescriptorKey(kind, name);
        var document = Sample.Valid(Sample.Native(
            "{name: r, limit_keys: ['" + text + "'], match: {'" + text + "': a}, algorithm: token_bucket, algorithm_config: {rps: 1, burst: 5}}",
            top: "kill_switches: [{scope_key: '" + text + "', scope_value: a}]"));

        Assert.Equal(key, Assert.Single(document.Policies[0].Rules[0].LimitKeys));
        Assert.Equal(key, document.Policies[0].Rules[0].Match[0].Key);
        Assert.Equal(key, document.KillSwitches[0].ScopeKey);
        Assert.Equal(text, key.ToString());
    }

    private static T Bind<T>(string algorithm, string config)
        where T : AlgorithmDefinition =>
        Assert.IsType<T>(Rule($"{{name: r, limit_keys: [], algorithm: {algorithm}, algorithm_config: {config}}}").Algorithm);

    private static RuleDefinition Rule(string rule) => Sample.Valid(Sample.Native(rule.ReplaceLineEndings(" ")), Verified).Policies[0].Rules[0];

    private static PolicyDefinition Policy(string spec) => Sample.Valid(Sample.Native(spec: spec), Verified).Policies[0];
}
