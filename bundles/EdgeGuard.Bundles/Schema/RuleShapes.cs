using static EdgeGuard.Bundles.Schema.CommonShapes;

namespace EdgeGuard.Bundles.Schema;

/// <summary>Rules, and what a rule may carry beside its limiter.</summary>
internal static class RuleShapes
{
    public static VariantShape AlgorithmConfig { get; } = new(
        "algorithm",
        new("token_bucket", CoreAlgorithmShapes.TokenBucket),
        new("cost_based", LimiterShapes.CostBased),
        new("token_bucket_llm", LimiterShapes.TokenBucketLlm),
        new("sliding_window", LimiterShapes.SlidingWindow),
        new("concurrency", LimiterShapes.Concurrency),
        new("hierarchy", LimiterShapes.Hierarchy));

    public static TextShape Algorithm { get; } = Words("token_bucket", "cost_based", "token_bucket_llm", "sliding_window", "concurrency", "hierarchy");

    public static ObjectShape Grant { get; } = new(
        "grant",
        "Another tier for one caller until a time, without touching the caller's plan.",
        FieldShape.Required("value", TrafficValue, "Value of the tier's `for` descriptor."),
        FieldShape.Required("tier", Label, "Tier that holds meanwhile; one of `plans`."),
        FieldShape.Required("expires_at", Timestamp, "When it ends by itself."),
        FieldShape.Required("reason", Reason, "Why, for people."));

    public static ObjectShape Tiers { get; } = new(
        "tiers",
        "Numbers by commercial plan. A plan replaces numbers of `algorithm_config`, never what is counted.",
        FieldShape.Required("by", Descriptor, "Where the plan's name is read: a verified claim, or a `header:` that counts from trusted proxies only. Never a query parameter, cookie or `ua:`."),
        FieldShape.Required("default", Label, "Plan of a caller without one or with an unknown one; one of `plans`."),
        FieldShape.Required("plans", new MapShape(Label, new MapShape(ConfigField, Between(0, MaxUnits), 16), 32), "Numbers by plan: `{free: {burst: 10}, pro: {burst: 100}}`. Each must give a valid limiter together with `algorithm_config`."),
        FieldShape.Optional("for", Descriptor, "`by`", "Whom a grant names; a `header:` counts from trusted proxies only."),
        FieldShape.Optional("grants", List(Grant, 0, 1000), "none", "Temporary exceptions; of several for one caller the first that has not ended holds."));

    public static ObjectShape Enforcement { get; } = new(
        "enforcement",
        "Enforces for a stable share of identities and shadows the rest.",
        FieldShape.Required("percent", Between(0, 100), "Share that is enforced; raising it never frees one that was enforced."),
        FieldShape.Required("by", Descriptor, "Identity that the share is taken of. A request without it is enforced."));

    public static ObjectShape ShadowLimit { get; } = new(
        "shadow_limit",
        "A second limiter that counts beside the live one and never refuses; where they disagree is a metric.",
        FieldShape.Required("algorithm", Algorithm, "Limiter on trial; not `hierarchy`."),
        FieldShape.Required("algorithm_config", AlgorithmConfig, "Its numbers."));

    public static ObjectShape Rule { get; } = new(
        "rule",
        "One limit. All rules of all matching policies must agree; a refused request consumes nothing in any of them.",
        FieldShape.Required("name", Identifier, "Unique in its policy. Part of a counter's identity: renaming a rule starts new counters."),
        FieldShape.Required("limit_keys", List(Descriptor, 0, 8), "What is counted by; `[]` is one counter for all, and what a `hierarchy` has here, since its levels have keys. Part of a counter's identity."),
        FieldShape.Optional("match", MatchMap, "always applies", "Descriptors and the values they must have, all of them, compared as text."),
        FieldShape.Optional(
            "on_missing",
            Words("deny", "allow", "shared"),
            "`deny`; `allow` in a peer document",
            "When a limit key has no value: refuse with `descriptor_missing`, skip the rule, or count all such requests in one counter. Present but unverifiable is never missing."),
        FieldShape.Required("algorithm", Algorithm, "Which limiter."),
        FieldShape.Required("algorithm_config", AlgorithmConfig, "The limiter's numbers."),
        FieldShape.Optional("tiers", Tiers, "one set of numbers for all", "Numbers by plan."),
        FieldShape.Optional("enforcement", Enforcement, "everyone", "Share of identities that is enforced."),
        FieldShape.Optional("shadow", ShadowLimit, "none", "Limiter on trial beside the live one."),
        FieldShape.Optional("ipv6_prefix", Count(32, 128), "128", "Prefix length that IPv6 addresses are grouped by in the `ip:address` keys of the rule and its levels; 64 is what a household or server is given. IPv4 addresses stay whole."),
        FieldShape.Optional("scope", Words("edge", "fleet"), "`edge`", "`fleet`: one budget over all edges, handed out in leases; with `cost_based` only."),
        FieldShape.Optional("lease", Lease, "its defaults", "How a fleet-wide budget is handed out; with `scope: fleet`."));

    /// <summary>A rule as fallback: the same fields, with a name that may be left out and no <c>match</c> that would make sense.</summary>
    public static ObjectShape Fallback { get; } = new(
        "fallback_limit",
        "The only rule when no other of the policy applies. Fields as in [rule](#rule).",
        [.. Rule.Fields.Select(AsFallback)]);

    private static ObjectShape Lease => new(
        "lease",
        "Slices of a fleet-wide budget.",
        FieldShape.Optional("slice_percent", Between(0.1, 50), "5", "Size of a slice, as a share of the budget."),
        FieldShape.Optional("low_water_percent", Between(1, 90), "30", "Rest of a slice at which the next one is asked for."),
        FieldShape.Optional("on_unreachable", Words("deny", "spend_rest"), "`spend_rest`", "With the control plane gone: refuse at once, or spend what is held. Never more."));

    private static MapShape MatchMap => new(Descriptor, ScalarShape.Instance, 16);

    private static TextShape ConfigField => new()
    {
        Form = TextForm.Name,
        Noun = "field of algorithm_config",
        MaxLength = 64,
        Pattern = "^[a-z_]+$",
        Example = "a number of algorithm_config: burst",
    };

    private static FieldShape AsFallback(FieldShape field) => field.Name switch
    {
        "name" => field with { IsRequired = false, Default = "`fallback`" },
        "match" => field with { Summary = "Accepted and ignored: a fallback applies when nothing else does." },
        _ => field,
    };
}
