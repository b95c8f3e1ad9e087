using static EdgeGuard.Bundles.Schema.CommonShapes;

namespace EdgeGuard.Bundles.Schema;

/// <summary>Policy unit tests inside a bundle.</summary>
internal static class TestShapes
{
    /// <summary>The closed list of reasons.</summary>
    public static TextShape Reasons { get; } = Words(
        "no_bundle_loaded", "malformed_request", "identity_required", "identity_invalid", "scope_denied", "descriptor_missing", "kill_switch",
        "token_bucket_exceeded", "sliding_window_exceeded", "concurrency_exceeded", "budget_exceeded", "quota_exceeded", "tpm_exceeded",
        "tpd_exceeded", "prompt_tokens_exceeded", "max_tokens_per_request_exceeded", "model_denied", "loop_detected", "circuit_breaker_open",
        "overload_shed", "counters_full", "replayed", "too_large", "upstream_unavailable");

    public static ObjectShape Request { get; } = new(
        "test request",
        "A request as the edge would see it. Claims are given as if a token had been verified.",
        FieldShape.Optional("method", Method, "`GET`", "Method."),
        FieldShape.Optional("host", Host, "`localhost`", "Host, without port."),
        FieldShape.Optional("path", UrlPath, "`/`", "Request target: path and, after `?`, query."),
        FieldShape.Optional("headers", new MapShape(HeaderName, ScalarShape.Instance, 64), "none", "Headers."),
        FieldShape.Optional("claims", new MapShape(ClaimName, ScalarOrListShape.Instance, 64), "none", "Claims of the verified token, those of nested objects by their path with dots; none is a request without a token."),
        FieldShape.Optional("issuer", Identifier, "the first of `issuers`", "Issuer of the token, by id."),
        FieldShape.Optional("scopes", List(Label, 0, 64), "none", "What the caller's credentials may do."),
        FieldShape.Optional("invalid", List(Words("jwt", "api_key", "agent", "mtls"), 1, 4), "none", "Kinds of credentials that were presented and could not be verified."),
        FieldShape.Optional("webhook", Identifier, "none", "Id in `webhooks` that the request is a valid delivery of, never seen before; or `invalid` for a signature that fits no secret."),
        FieldShape.Optional("ip", IpAddress, "`192.0.2.1`", "Client address."),
        FieldShape.Optional("body", Body, "none", "Request body, as text."),
        FieldShape.Optional("facts", new MapShape(FactName, ScalarShape.Instance, 16), "none", "Values that come from local data files or trusted proxies: `ip:country`, `ip:asn`, `ip:type`, `ip:tor`, and `header:<name>` for a header that a trusted proxy sets; and of verified callers `key:`, `agent:` and `mtls:` with their properties."));

    public static ObjectShape Expectation { get; } = new(
        "test expectation",
        "What every repetition of a step must give. Fields that are absent are not checked; `remaining` is that of the last repetition.",
        FieldShape.Required("verdict", Words("allow", "warn", "throttle", "reject"), "The decision: `warn` and `throttle` allow, with a mark or after a delay."),
        FieldShape.Optional("reason", Reasons, "not checked", "Reason of a rejection, or of what a shadow policy would have rejected."),
        FieldShape.Optional("policy", Identifier, "not checked", "Policy that decided."),
        FieldShape.Optional("rule", Identifier, "not checked", "Rule that decided."),
        FieldShape.Optional("remaining", Count(0, 1_000_000_000_000), "not checked", "Units left."),
        FieldShape.Optional("retry_after", Count(0, 31_536_000), "not checked", "Seconds told in Retry-After, before jitter."),
        FieldShape.Optional("shadow_reject", BooleanShape.Instance, "not checked", "Whether a shadow policy would have rejected."),
        FieldShape.Optional("delay_ms", Count(1, 30_000), "not checked", "Delay of a throttle."),
        FieldShape.Optional("status", Count(200, 599), "not checked", "Status of the answer; 200 for what is admitted, 204 for an answered preflight."),
        FieldShape.Optional("headers", new MapShape(HeaderName, AnswerText, 32), "not checked", "What the edge adds to the answer by `security_headers` and `cors`; an empty text: it does not add that one. The client speaks TLS when `facts` say `header:x-forwarded-proto: https`."));

    public static ObjectShape Step { get; } = new(
        "test step",
        "Time passes, then a request is made, once or several times.",
        FieldShape.Optional("after", Duration(TimeSpan.Zero, TimeSpan.FromDays(3650)), "`0s`", "Virtual time that passes first."),
        FieldShape.Optional("times", Count(1, 100_000), "1", "How many equal requests in a row, at the same instant."),
        FieldShape.Optional("duration", Duration(TimeSpan.Zero, TimeSpan.FromDays(7)), "`0s`", "How long each request stays in flight, in virtual time; `0s` ends it at once."),
        FieldShape.Optional("usage_tokens", Count(0, 1_000_000_000_000), "what was reserved", "Tokens that the provider reports when the request ends."),
        FieldShape.Required("request", Request, "The request."),
        FieldShape.Required("expect", Expectation, "What each must give."));

    public static ObjectShape Test { get; } = new(
        "test",
        "A unit test of the policies, run at validation, at publication and before activation. A bundle that fails its own tests never activates.",
        FieldShape.Required("name", Text("text", 256), "What is shown; unique."),
        FieldShape.Optional("start", Timestamp, "`2026-01-01T00:00:00Z`", "Virtual time of the first step. Counters start empty."),
        FieldShape.Required("steps", List(Step, 1, 1000), "Steps, in order."));

    private static ObjectShape RequestStep { get; } = new(
        "request step",
        "A step of a test; what it expects is not looked at.",
        [.. Step.Fields.Where(part => part.Name != "expect"), FieldShape.Optional("expect", Expectation, "none", "Not looked at.")]);

    /// <summary>A file of requests to be explained; a test of a bundle may be pasted as it is.</summary>
    public static ObjectShape RequestFile { get; } = new(
        "request file",
        "Requests in virtual time, to be decided by a bundle without an edge.",
        FieldShape.Optional("name", Text("text", 256), "none", "For people."),
        FieldShape.Optional("start", Timestamp, "now", "Virtual time of the first step. Counters start empty."),
        FieldShape.Required("steps", List(RequestStep, 1, 1000), "Steps, in order."));

    private static TextShape HeaderName => new()
    {
        Form = TextForm.Name,
        Noun = "header name",
        MaxLength = 100,
        Pattern = "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
        Example = "a header name: x-api-key",
    };

    private static TextShape AnswerText => new() { Form = TextForm.TrafficValue, Noun = "header value", MinLength = 0, MaxLength = 8192, Example = "the whole value" };

    private static TextShape ClaimName => new() { Form = TextForm.Name, Noun = "claim", MaxLength = 100, Example = "the name of a claim: sub" };

    private static TextShape FactName => new()
    {
        Form = TextForm.Name,
        Noun = "fact",
        MaxLength = DescriptorCatalog.MaxLength,
        Pattern = "^(ip:(country|asn|type|tor)|header:[A-Za-z0-9_-]{1,100}|key:(id|org|kind|plan|environment)|agent:(id|organization|scheme)|mtls:(subject|spiffe|fingerprint))$",
        Example = "ip:country, ip:asn, ip:type, ip:tor, header:<name>, key:org, agent:id or mtls:spiffe",
    };

    // Bodies hold what requests hold, so nothing random is suspected in them.
    private static TextShape Body => new() { Form = TextForm.TrafficValue, Noun = "body", MinLength = 0, MaxLength = 65_536, Example = "at most 64 KiB of text" };

    private static TextShape IpAddress => new()
    {
        Form = TextForm.Name,
        Noun = "address",
        MaxLength = 45,
        Pattern = "^[0-9A-Fa-f:.]+$",
        Example = "an IPv4 or IPv6 address: 192.0.2.7",
    };
}
