using static EdgeGuard.Bundles.Schema.CommonShapes;

namespace EdgeGuard.Bundles.Schema;

/// <summary>Limiters beside the token bucket.</summary>
internal static class LimiterShapes
{
    public static TextShape TimeZone { get; } = new()
    {
        Form = TextForm.Name,
        Noun = "IANA time zone",
        MaxLength = 64,
        Pattern = "^[A-Za-z][A-Za-z0-9_+/-]*$",
        Example = "a name of the IANA database: Europe/Berlin",
    };

    public static ObjectShape StagedAction { get; } = new(
        "staged_action",
        "What happens from a share of the budget on. In any order, each threshold once; one entry must be `reject` at 100. A `reject` below 100 is where the budget really ends.",
        FieldShape.Required("threshold_percent", Between(0, 100), "Share of the budget from which the action holds."),
        FieldShape.Required("action", Words("warn", "throttle", "reject"), "`warn` marks the answer, `throttle` delays it, `reject` refuses it."),
        FieldShape.Optional("delay_ms", CappedCount(1, 30_000), "", "Delay in milliseconds; required by `throttle` and refused elsewhere."));

    public static ObjectShape CostBased { get; } = new(
        "cost_based",
        "A budget a window, with actions before it is used up. The request that lands exactly on the budget is allowed; `budget_exceeded` after it.",
        FieldShape.Required("budget", Units, "Units a window."),
        FieldShape.Required("period", Words("5m", "1h", "1d", "7d", "month", "custom"), "Window, aligned to the calendar of `time_zone`."),
        FieldShape.Optional("window", Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(366)), "", "Length of a `custom` window, aligned to the Unix epoch whatever the time zone; refused with another period."),
        FieldShape.Optional("time_zone", TimeZone, "`UTC`", "IANA time zone that days, weeks and months begin in; a day there may have 23 or 25 hours. Other periods are aligned to UTC."),
        FieldShape.Optional("week_start", Words("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), "`monday`", "First day of a `7d` window."),
        FieldShape.Optional("cost_key", BudgetCostSource, "`fixed`", "Where the cost is read, as `cost_source` of `token_bucket`, or `llm:cost`: what the request costs at its model's provider, in the `unit` of `llm`."),
        FieldShape.Optional("fixed_cost", Units, "1", "Cost when `cost_key` is `fixed`."),
        FieldShape.Optional("default_cost", Units, "1", "Cost when the value is missing or no sane number."),
        FieldShape.Optional("min_cost", Units, "1 in a peer document", "Least cost a client may claim; required in a native bundle when the client says the cost."),
        FieldShape.Required("staged_actions", List(StagedAction, 1, 16), "Actions by share of the budget."));

    public static ObjectShape TokenSource { get; } = new(
        "token_source",
        "How prompt tokens are estimated before the provider counts them.",
        FieldShape.Optional("estimator", Words("simple_word", "header_hint", "calibrated"), "`simple_word`", "`simple_word`: four bytes a token; `header_hint`: `X-Token-Estimate` from trusted proxies; `calibrated`: by model family."),
        FieldShape.Optional("max_body_bytes", Count(1024, 16 * 1024 * 1024), "1048576", "Most of a request body that is read for the estimate; a longer one is refused with `too_large`."));

    public static ObjectShape TokenBucketLlm { get; } = new(
        "token_bucket_llm",
        "Tokens a minute and a day of an LLM route: reserved before, settled with the provider's usage after. Overuse is charged, unuse refunded.",
        FieldShape.Required("tokens_per_minute", Units, "Refill a minute; `tpm_exceeded` beyond."),
        FieldShape.Optional("tokens_per_day", Units, "no daily limit", "Budget of a UTC day; `tpd_exceeded` beyond."),
        FieldShape.Optional("burst_tokens", Units, "`tokens_per_minute`", "Capacity; at least `tokens_per_minute`."),
        FieldShape.Optional("max_tokens_per_request", Units, "no limit", "Most that prompt and completion may reserve together; `max_tokens_per_request_exceeded` beyond."),
        FieldShape.Optional("max_prompt_tokens", Units, "no limit", "Most prompt tokens; `prompt_tokens_exceeded` beyond."),
        FieldShape.Optional("max_completion_tokens", Units, "no limit", "Cap of the completion reserved and streamed."),
        FieldShape.Optional("default_max_completion", Units, "1000", "Completion reserved when the request names no bound."),
        FieldShape.Optional("cached_token_weight", Between(0, 1), "1", "What a cached prompt token counts."),
        FieldShape.Optional("reasoning_token_weight", Between(0, 10), "1", "What a reasoning token counts."),
        FieldShape.Optional("buffer_tokens", Count(1, 10_000), "100", "Streamed tokens between two looks at the budget."),
        FieldShape.Optional("token_source", TokenSource, "", "How the prompt is estimated."));

    public static ObjectShape SlidingWindow { get; } = new(
        "sliding_window",
        "At most `limit` in any window, however it is placed; `sliding_window_exceeded` beyond. Never over, under by at most one part in `precision`.",
        FieldShape.Required("limit", Units, "Units in any window."),
        FieldShape.Required("window", Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(31)), "Length of the window."),
        FieldShape.Optional("precision", Count(2, 64), "10", "Sub-windows of at least 100 ms; the oldest counts whole."),
        FieldShape.Optional("cost_source", CostSource, "`fixed`", "As in `token_bucket`."),
        FieldShape.Optional("fixed_cost", Units, "1", "As in `token_bucket`."),
        FieldShape.Optional("default_cost", Units, "1", "As in `token_bucket`."),
        FieldShape.Optional("min_cost", Units, "1 in a peer document", "As in `token_bucket`."));

    public static ObjectShape Concurrency { get; } = new(
        "concurrency",
        "Requests in flight at once; released on every way a request can end. `concurrency_exceeded` beyond.",
        FieldShape.Required("limit", Count(1, 1_000_000), "Most in flight."),
        FieldShape.Optional("max_hold", Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)), "`10m`", "At a decision door, which does not see the end of a request: when a slot is given back by itself."));

    public static ObjectShape Borrow { get; } = new(
        "borrow",
        "What a level may take beyond its own quota out of what the level above has left. The level above is never exceeded.",
        FieldShape.Required("max_percent", Between(0, 1000), "Most that may be borrowed, as a share of the level's own quota."),
        FieldShape.Optional("keep_percent", Between(0, 100), "10", "Share of the quota above that is never lent."));

    public static VariantShape LevelConfig { get; } = new(
        "algorithm",
        new("token_bucket", CoreAlgorithmShapes.TokenBucket),
        new("cost_based", CostBased),
        new("sliding_window", SlidingWindow));

    public static ObjectShape Level { get; } = new(
        "hierarchy_level",
        "One level, from the widest to the narrowest.",
        FieldShape.Required("name", Label, "Name in messages and metrics; unique in the rule."),
        FieldShape.Required("limit_keys", List(Descriptor, 0, 8), "What this level is counted by; holds the keys of the level above."),
        FieldShape.Required("algorithm", Words("token_bucket", "cost_based", "sliding_window"), "Limiter of this level."),
        FieldShape.Required("algorithm_config", LevelConfig, "Its numbers."),
        FieldShape.Optional("borrow", Borrow, "no borrowing", "What may be used of what the siblings leave; not in the first level."));

    public static ObjectShape Hierarchy { get; } = new(
        "hierarchy",
        "Several levels (organization, team, user) admitted all or none in one decision. The reason is that of the level that refused.",
        FieldShape.Required("levels", List(Level, 2, 4), "Levels, widest first."));
}
