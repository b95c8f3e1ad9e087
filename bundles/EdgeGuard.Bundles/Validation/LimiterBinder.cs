using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;
using EdgeGuard.Bundles.Schema;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Makes limiters of nodes without error, with every documented default applied.</summary>
internal static class LimiterBinder
{
    // A peer document may hold more; nothing waits longer.
    private const int MaxDelayMilliseconds = 30_000;

    /// <summary>Binds the numbers of one limiter.</summary>
    /// <param name="algorithm">Its word.</param>
    /// <param name="node">Its <c>algorithm_config</c>.</param>
    /// <param name="ipv6Prefix">Name of <c>ip:address</c> keys below it (levels of a hierarchy).</param>
    public static AlgorithmDefinition Bind(string algorithm, Node node, string ipv6Prefix) => algorithm switch
    {
        "token_bucket" => BindTokenBucket(node),
        "cost_based" => BindCostBased(node),
        "token_bucket_llm" => BindLlm(node),
        "sliding_window" => BindSlidingWindow(node),
        "concurrency" => BindConcurrency(node),
        "hierarchy" => new HierarchyDefinition { Levels = DocumentBinder.Each(node["levels"], level => BindLevel(level, ipv6Prefix)) },
        _ => throw new InvalidOperationException("bound before it was validated"),
    };

    private static TokenBucketDefinition BindTokenBucket(Node node) => new()
    {
        TokensPerSecond = node.NumberAt("tokens_per_second", "rps")!.Value,
        Burst = node.NumberAt("burst")!.Value,
        Cost = BindCost(node, "cost_source"),
    };

    private static CostBasedDefinition BindCostBased(Node node) => new()
    {
        Budget = node.NumberAt("budget")!.Value,
        Window = BindWindow(node),
        CountsLlmCost = ModelRouteValidator.CountsCost(node),
        Cost = BindCost(node, "cost_key"),
        Actions = DocumentBinder.Each(node["staged_actions"], BindAction).Sort(static (a, b) => a.ThresholdPercent.CompareTo(b.ThresholdPercent)),
    };

    private static BudgetWindow BindWindow(Node node)
    {
        var window = new BudgetWindow
        {
            Period = node.TextAt("period") switch
            {
                "5m" => BudgetPeriod.FiveMinutes,
                "1h" => BudgetPeriod.Hour,
                "1d" => BudgetPeriod.Day,
                "7d" => BudgetPeriod.Week,
                "month" => BudgetPeriod.Month,
                _ => BudgetPeriod.Custom,
            },
            Length = node.DurationAt("window") ?? TimeSpan.Zero,
        };
        return window with
        {
            TimeZone = node.TextAt("time_zone") ?? window.TimeZone,
            WeekStart = node.TextAt("week_start") is { } day ? Enum.Parse<DayOfWeek>(day, ignoreCase: true) : window.WeekStart,
        };
    }

    private static StagedAction BindAction(Node node) => new(
        node.NumberAt("threshold_percent")!.Value,
        node.TextAt("action") switch
        {
            "warn" => StagedActionKind.Warn,
            "throttle" => StagedActionKind.Throttle,
            _ => StagedActionKind.Reject,
        },
        (int)Math.Min(node.NumberAt("delay_ms") ?? 0, MaxDelayMilliseconds));

    private static TokenBucketLlmDefinition BindLlm(Node node)
    {
        var perMinute = node.NumberAt("tokens_per_minute")!.Value;
        var defaults = new TokenBucketLlmDefinition { TokensPerMinute = perMinute, BurstTokens = perMinute };
        var source = node["token_source"];
        return defaults with
        {
            TokensPerDay = node.NumberAt("tokens_per_day"),
            BurstTokens = node.NumberAt("burst_tokens") ?? perMinute,
            MaxTokensPerRequest = node.NumberAt("max_tokens_per_request"),
            MaxPromptTokens = node.NumberAt("max_prompt_tokens"),
            MaxCompletionTokens = node.NumberAt("max_completion_tokens"),
            DefaultMaxCompletion = node.NumberAt("default_max_completion") ?? defaults.DefaultMaxCompletion,
            CachedTokenWeight = node.NumberAt("cached_token_weight") ?? defaults.CachedTokenWeight,
            ReasoningTokenWeight = node.NumberAt("reasoning_token_weight") ?? defaults.ReasoningTokenWeight,
            BufferTokens = (int)(node.NumberAt("buffer_tokens") ?? defaults.BufferTokens),
            Estimator = source?.TextAt("estimator") switch
            {
                "header_hint" => TokenEstimator.HeaderHint,
                "calibrated" => TokenEstimator.Calibrated,
                _ => TokenEstimator.SimpleWord,
            },
            MaxBodyBytes = (int)(source?.NumberAt("max_body_bytes") ?? defaults.MaxBodyBytes),
        };
    }

    private static SlidingWindowDefinition BindSlidingWindow(Node node)
    {
        var bound = new SlidingWindowDefinition
        {
            Limit = node.NumberAt("limit")!.Value,
            Window = node.DurationAt("window")!.Value,
            Cost = BindCost(node, "cost_source"),
        };
        return node.NumberAt("precision") is { } precision ? bound with { Precision = (int)precision } : bound;
    }

    private static ConcurrencyDefinition BindConcurrency(Node node)
    {
        var bound = new ConcurrencyDefinition { Limit = (int)node.NumberAt("limit")!.Value };
        return node.DurationAt("max_hold") is { } hold ? bound with { MaxHold = hold } : bound;
    }

    private static HierarchyLevel BindLevel(Node node, string ipv6Prefix) => new()
    {
        Name = node.TextAt("name")!,
        LimitKeys = KeyBinder.BindAll(node["limit_keys"], ipv6Prefix),
        Algorithm = Bind(node.TextAt("algorithm")!, node["algorithm_config"]!, ipv6Prefix),
        Borrow = node["borrow"] is { } borrow ? new BorrowDefinition(borrow.NumberAt("max_percent")!.Value, borrow.NumberAt("keep_percent") ?? 10) : null,
    };

    private static CostSource BindCost(Node node, string sourceField)
    {
        DescriptorKey? key = node.TextAt(sourceField) is { } source && DescriptorCatalog.TryParse(source, out var parsed) ? parsed : null;
        var fixedCost = node.NumberAt("fixed_cost") ?? 1;
        var defaultCost = node.NumberAt("default_cost") ?? 1;
        return new CostSource(key, fixedCost, defaultCost, node.NumberAt("min_cost") ?? Math.Min(1, defaultCost));
    }
}
