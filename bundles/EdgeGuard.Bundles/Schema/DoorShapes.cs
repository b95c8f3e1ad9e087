using static EdgeGuard.Bundles.Schema.CommonShapes;

namespace EdgeGuard.Bundles.Schema;

/// <summary>What belongs to the doors: LLM and MCP routes, sizes, response headers.</summary>
internal static class DoorShapes
{
    public static ObjectShape ModelPrice { get; } = new(
        "model_price",
        "Prices of a model for one million tokens.",
        FieldShape.Required("model", ModelName, "Model; a closing `*` stands for any ending."),
        FieldShape.Required("input", Between(0, 1e6), "Prompt tokens."),
        FieldShape.Required("output", Between(0, 1e6), "Completion tokens, reasoning included unless priced."),
        FieldShape.Optional("cached_input", Between(0, 1e6), "`input`", "Cached prompt tokens."),
        FieldShape.Optional("reasoning", Between(0, 1e6), "`output`", "Reasoning tokens."));

    public static ObjectShape LlmProvider { get; } = new(
        "llm_provider",
        "A provider of models. Its address is a cluster in the edge's options.",
        FieldShape.Required("id", Label, "Name that a route refers to; unique."),
        FieldShape.Required("format", Words("openai", "anthropic", "gemini"), "Wire format; `openai` for every compatible endpoint."),
        FieldShape.Optional("api_key", Secret, "the client's own key passes", "Key put in upstream, by reference; clients never see it."),
        FieldShape.Optional("currency", Currency, "`USD`", "Currency of the prices, ISO 4217."),
        FieldShape.Optional("prices", List(ModelPrice, 0, 500), "none", "Prices, for budgets in money."));

    public static ObjectShape LlmRoute { get; } = new(
        "llm",
        "A route to a model provider.",
        FieldShape.Required("provider", Label, "Id in `llm_providers`."),
        FieldShape.Optional("allowed_models", List(ModelName, 1, 500), "all", "Models that may be asked for; `model_denied` otherwise."),
        FieldShape.Optional("denied_models", List(ModelName, 1, 500), "none", "Models that may not, whatever is allowed."),
        FieldShape.Optional("include_stream_usage", BooleanShape.Instance, "true", "Ask the provider for usage in streams, and hide it from clients that did not."),
        FieldShape.Optional("unit", Words("tokens", "money"), "`tokens`", "What `cost_key: llm:cost` counts: tokens, or money in the provider's currency. A model without a price is `model_denied` then."),
        FieldShape.Optional("max_body_bytes", Count(1024, 64 * 1024 * 1024), "4194304", "Largest request body; `too_large` beyond."));

    public static ObjectShape McpRoute { get; } = new(
        "mcp",
        "A route to a Model Context Protocol server. Limits by tool, session and agent use the descriptors `mcp:` and `agent:`.",
        FieldShape.Optional("allowed_tools", List(ModelName, 1, 500), "all", "Tools that may be called."),
        FieldShape.Optional("denied_tools", List(ModelName, 1, 500), "none", "Tools that may not, whatever is allowed."),
        FieldShape.Optional("max_body_bytes", Count(1024, 16 * 1024 * 1024), "1048576", "Largest message; `too_large` beyond."));

    public static ObjectShape RequestLimits { get; } = new(
        "request_limits",
        "Bounds of one request, refused with `too_large`. Of several matching policies the most specific that has them counts.",
        FieldShape.Optional("max_body_bytes", Count(0, 1L << 40), "none", "Largest body as it is sent; 413 beyond. One without a length is counted while it streams."),
        FieldShape.Optional("max_header_bytes", Count(256, 32 * 1024), "32768, the server's own", "Largest header section: names and values and four bytes more for each field; 431 beyond."),
        FieldShape.Optional("max_header_count", Count(1, 100), "100, the server's own", "Most header fields; 431 beyond."),
        FieldShape.Optional("max_uri_bytes", Count(1, 8 * 1024), "8 KiB, the server's own", "Longest request target, query included; 414 beyond."),
        FieldShape.Optional("timeout", Duration(TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1)), "the cluster's", "Longest wait for the response headers once the request has been sent, where it is shorter than the cluster's; 504 beyond."));

    public static ObjectShape SecurityHeaders { get; } = new(
        "security_headers",
        "Headers of every response. What is written here replaces what the upstream sends; a default gives way to it. Never doubled. An empty text removes a default. What a policy leaves out is the bundle's.",
        FieldShape.Optional("strict_transport_security", HeaderValue, "`max-age=31536000; includeSubDomains`", "`Strict-Transport-Security` (RFC 6797), over TLS only. Add `; preload` for the browsers' own lists."),
        FieldShape.Optional("content_security_policy", HeaderValue, "the upstream's", "`Content-Security-Policy`."),
        FieldShape.Optional("content_type_options", HeaderValue, "`nosniff`", "`X-Content-Type-Options`."),
        FieldShape.Optional("frame_options", HeaderValue, "`DENY`", "`X-Frame-Options`."),
        FieldShape.Optional("referrer_policy", HeaderValue, "`strict-origin-when-cross-origin`", "`Referrer-Policy`."),
        FieldShape.Optional("permissions_policy", HeaderValue, "the upstream's", "`Permissions-Policy`."));

    public static ObjectShape Cors { get; } = new(
        "cors",
        "Which web pages may call, by the CORS protocol of the Fetch standard. Preflights are answered at the edge; what the upstream says of CORS is replaced. Of several matching policies the most specific that has it counts.",
        FieldShape.Required("allowed_origins", List(Origin, 1, 256), "Exact origins as browsers send them; or `*` alone, without credentials. The origin `null` is never allowed."),
        FieldShape.Optional("allowed_methods", List(Method, 1, 16), "`GET HEAD POST`", "Methods. These three need no preflight by themselves."),
        FieldShape.Optional("allowed_headers", List(FieldName, 0, 64), "none", "Request headers that pages may set."),
        FieldShape.Optional("exposed_headers", List(FieldName, 0, 64), "none", "Response headers that pages may read."),
        FieldShape.Optional("allow_credentials", BooleanShape.Instance, "false", "Whether cookies and other credentials of the browser may come along."),
        FieldShape.Optional("max_age", Duration(TimeSpan.Zero, TimeSpan.FromDays(1)), "`10m`", "How long a browser may keep a preflight's answer."));

    public static ObjectShape Probe { get; } = new(
        "probe",
        "A request that the edge decides for itself before it says that it is ready. Touches no counter.",
        FieldShape.Required("name", Identifier, "Name in readiness and metrics."),
        FieldShape.Required("request", TestShapes.Request, "The request."),
        FieldShape.Required("expect", Words("allow", "reject"), "What the door must answer."));

    public static ObjectShape Fuse { get; } = new(
        "fuse",
        "Reverts a new bundle that refuses far more than the last one did.",
        FieldShape.Required("enabled", BooleanShape.Instance, "Whether it watches."),
        FieldShape.Optional("window", Duration(TimeSpan.FromSeconds(10), TimeSpan.FromHours(1)), "`60s`", "How long a new bundle is watched."),
        FieldShape.Optional("max_increase_percent", Between(1, 100), "20", "Rise of the share of rejections, in points, that trips it."),
        FieldShape.Optional("min_requests", Count(1, 1_000_000), "100", "Requests before it may trip."))
    {
        InertWhenDisabled = true,
    };

    private static TextShape ModelName => new()
    {
        Form = TextForm.Name,
        Noun = "name",
        MaxLength = 128,
        Pattern = @"^[A-Za-z0-9._:/-]+\*?$",
        Example = "a name, or its beginning and a closing *: gpt-4o*",
    };

    private static TextShape Currency => new()
    {
        Form = TextForm.Name,
        Noun = "currency",
        MinLength = 3,
        MaxLength = 3,
        Pattern = "^[A-Z]+$",
        Example = "three capitals: EUR",
    };

    // The values of these headers are public: every response tells them.
    private static TextShape HeaderValue => new()
    {
        Form = TextForm.TrafficValue,
        Noun = "header value",
        MinLength = 0,
        MaxLength = 4096,
        Pattern = "^([!-~]([ -~]*[!-~])?)?$",
        Example = "a header value in ASCII, without line breaks or blanks around it",
    };

    private static TextShape Origin => new()
    {
        Form = TextForm.Name,
        Noun = "origin",
        MaxLength = 256,
        Pattern = @"^(\*|[a-z][a-z0-9+.-]*://([a-z0-9_.-]+|\[[0-9a-f:.]+\])(:[1-9][0-9]{0,4})?)$",
        Example = "scheme and host in lower case, and a port that is not the scheme's own, with nothing behind: https://app.example.com",
    };

    private static TextShape FieldName => new()
    {
        Form = TextForm.Name,
        Noun = "header name",
        MaxLength = 100,
        Pattern = "^[A-Za-z0-9!#$%&'+.^_`|~-]+$",
        Example = "a header name; `*` is not supported: x-request-id",
    };
}
