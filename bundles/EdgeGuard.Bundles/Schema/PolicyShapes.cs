using static EdgeGuard.Bundles.Schema.CommonShapes;

namespace EdgeGuard.Bundles.Schema;

/// <summary>Policies: where they apply and what they hold.</summary>
internal static class PolicyShapes
{
    public static ObjectShape Selector { get; } = new(
        "selector",
        "Which requests. Everything given must match; what is absent matches all.",
        FieldShape.Optional("hosts", List(Host, 1, 1000), "any host", "Exact hosts, compared without case and port."),
        FieldShape.Optional("pathExact", UrlPath, "any path", "The one canonical path. Not together with `pathPrefix`.").Alias("path_exact"),
        FieldShape.Optional("pathPrefix", UrlPath, "any path", "`/v1/`: everything below it, not `/v1`. `/v1`: itself and everything below, never `/v10`.").Alias("path_prefix"),
        FieldShape.Optional("methods", List(Method, 1, 32), "any method", "Methods, in capitals."));

    public static ObjectShape LoopDetection { get; } = new(
        "loop_detection",
        "Finds agents that repeat themselves: the same request, or one that differs only in small things.",
        FieldShape.Required("enabled", BooleanShape.Instance, "Whether it runs; in a peer document false when absent.") with { OptionalInPeer = true },
        FieldShape.Optional("window_seconds", CappedCount(1, 86_400), "60", "Time in which repeats count."),
        FieldShape.Optional("threshold_identical_requests", CappedCount(2, 10_000), "10", "The n-th repeat is a loop."),
        FieldShape.Optional("action", Words("reject", "throttle", "warn"), "`reject`", "`reject` with `loop_detected`, delay by 100 ms a repeat up to 30 s, or mark the answer."),
        FieldShape.Optional("similarity", Words("exact", "near"), "`exact`", "`near` also compares normalised JSON and cycles of tool calls."),
        FieldShape.Optional("similarity_percent", Between(50, 100), "90", "With `near`: how alike two bodies are to count as one."),
        FieldShape.Optional("max_cycle_length", Count(1, 8), "3", "With `near`: longest repeated sequence of tool calls that is looked for."))
    {
        InertWhenDisabled = true,
    };

    public static ObjectShape CircuitBreaker { get; } = new(
        "circuit_breaker",
        "Refuses everything of a policy once the spend rate is too high; tries a few requests before it closes again.",
        FieldShape.Required("enabled", BooleanShape.Instance, "Whether it runs; in a peer document false when absent.") with { OptionalInPeer = true },
        FieldShape.Optional("spend_rate_threshold_per_minute", Units, "", "Cost a minute at which it opens; required when enabled."),
        FieldShape.Optional("action", Words("reject"), "`reject`", "What an open breaker does."),
        FieldShape.Optional("auto_reset_after_minutes", new NumberShape { Min = 0, Max = 10_080, CappedInPeer = true }, "5; 0 in a peer document", "When it turns half-open; 0 stays open until it is reset by hand."),
        FieldShape.Optional("half_open_requests", Count(1, 1000), "5", "Requests let through while half-open; all must stay below the threshold."),
        FieldShape.Optional("status", OneOf(429, 503), "429", "Status of the refusal: 429 as the peer, or 503 (temporary-reduced-capacity)."),
        FieldShape.Optional("alert", BooleanShape.Instance, "false", "Whether opening raises an alert."))
    {
        InertWhenDisabled = true,
    };

    public static ObjectShape Priority { get; } = new(
        "priority",
        "Which class a request is in.",
        FieldShape.Required("by", Descriptor, "Where the class is read: a verified claim, or a `header:` that counts from trusted proxies only. Never a query parameter, cookie or `ua:`."),
        FieldShape.Required("classes", List(Label, 2, 8), "Classes, most important first; the last is shed first."),
        FieldShape.Optional("default", Label, "the last class", "Class of a request without one or with an unknown one."));

    public static ObjectShape AdaptiveConcurrency { get; } = new(
        "adaptive_concurrency",
        "Protects the upstream: finds by latency how many requests it bears and sheds the rest with `overload_shed`, lowest class first.",
        FieldShape.Required("enabled", BooleanShape.Instance, "Whether it runs."),
        FieldShape.Optional("min_limit", Count(1, 100_000), "4", "Never fewer in flight."),
        FieldShape.Optional("max_limit", Count(1, 1_000_000), "1000", "Never more in flight."),
        FieldShape.Optional("initial_limit", Count(1, 1_000_000), "20", "Limit after a start."),
        FieldShape.Optional("latency_tolerance", Between(1, 10), "1.5", "Latency, as a multiple of the best seen, at which the limit shrinks."),
        FieldShape.Optional("priority", Priority, "one class", "Which requests are shed last."))
    {
        InertWhenDisabled = true,
    };

    public static ObjectShape OnFailure { get; } = new(
        "on_failure",
        "What a policy does when the edge itself cannot know: `closed` refuses, `open` goes on without. Kill switches refuse either way. Each use is counted.",
        FieldShape.Optional("no_bundle", OpenClosed, "`closed`", "The bundle has expired and the options say `on_expiry: deny`: `open` goes on by the expired one. An edge that never had a bundle refuses."),
        FieldShape.Optional("identity_unavailable", OpenClosed, "`closed`", "A credential was presented that no key can be had to verify with: `open` takes the caller as unknown, skips rules that read it and what `identity` demands."),
        FieldShape.Optional("counters_full", OpenClosed, "`closed`", "No room for a new counter: `open` lets the request pass that limit."),
        FieldShape.Optional("data_unavailable", OpenClosed, "`closed`", "A local data file (country, network) could never be read: `open` skips rules that count by it, `closed` does as their `on_missing` says."));

    public static ObjectShape Spec { get; } = new(
        "spec",
        "What a policy does, and where.",
        FieldShape.Required("selector", Selector, "Which requests."),
        FieldShape.Optional("mode", Words("enforce", "shadow"), "`enforce`", "`shadow` evaluates and reports, never refuses and never delays."),
        FieldShape.Required("rules", List(RuleShapes.Rule, 0, 64), "Limits, all evaluated."),
        FieldShape.Optional("fallback_limit", RuleShapes.Fallback, "none", "The only rule when none of `rules` applies."),
        FieldShape.Optional("cluster", Label, "the cluster `default`", "Upstream of matching requests; clusters are in the edge's options."),
        FieldShape.Optional("loop_detection", LoopDetection, "off", "Repeated requests of agents."),
        FieldShape.Optional("circuit_breaker", CircuitBreaker, "off", "Stop on runaway spend."),
        FieldShape.Optional("adaptive_concurrency", AdaptiveConcurrency, "off", "Protection of the upstream."),
        FieldShape.Optional("on_failure", OnFailure, "all `closed`", "Open or closed, by cause."),
        FieldShape.Optional("identity", Words("required", "optional", "none"), "`optional`", "`required` refuses callers without a verified identity (401), `none` looks at none."),
        FieldShape.Optional("identity_options", IdentityShapes.RouteIdentity, "", "Which identities, scopes and forwarded headers."),
        FieldShape.Optional("webhook", Identifier, "none", "Id in `webhooks`: only deliveries with its valid signature pass, each once."),
        FieldShape.Optional("llm", DoorShapes.LlmRoute, "no LLM route", "Provider, models and stream settings."),
        FieldShape.Optional("mcp", DoorShapes.McpRoute, "no MCP route", "Tools that may be called."),
        FieldShape.Optional("request_limits", DoorShapes.RequestLimits, "the edge's options", "Sizes and times of a request."),
        FieldShape.Optional("security_headers", DoorShapes.SecurityHeaders, "the bundle's", "Headers of every response."),
        FieldShape.Optional("cors", DoorShapes.Cors, "no cross-origin access", "Who may call from a browser."));

    public static ObjectShape Policy { get; } = new(
        "policy",
        "A named set of limits for some requests. Every matching policy is evaluated: most specific first, then by id.",
        FieldShape.Required("id", Identifier, "Unique in the bundle. Part of a counter's identity."),
        FieldShape.Required("spec", Spec, "What it does."));

    private static TextShape OpenClosed => Words("closed", "open");
}
