using static EdgeGuard.Bundles.Schema.CommonShapes;

namespace EdgeGuard.Bundles.Schema;

/// <summary>The whole document.</summary>
internal static class BundleShapes
{
    public const string NativeFormat = "edgeguard/v1";

    public static ObjectShape Override { get; } = new(
        "override",
        "A switch for the whole bundle that must say why and until when.",
        FieldShape.Required("enabled", BooleanShape.Instance, "Whether it applies at all."),
        FieldShape.Optional("reason", Reason, "", "Why, for people; required when enabled."),
        FieldShape.Optional("expires_at", Timestamp, "", "When it ends by itself; required when enabled."));

    public static ObjectShape KillSwitch { get; } = new(
        "kill_switch",
        "Refuses every request whose descriptor has a value, before everything else. Not softened by shadow mode.",
        FieldShape.Optional("id", Identifier, "`kill-1`, `kill-2`, ... by place", "Name for people and for removal; unique in its set."),
        FieldShape.Required("scope_key", Descriptor, "Which descriptor. A claim counts here even when its token is not verified, because a kill switch only ever refuses."),
        FieldShape.Required("scope_value", KilledValue, "The value to refuse, compared as text."),
        FieldShape.Optional("route", UrlPath, "every path", "The one canonical path it is limited to."),
        FieldShape.Optional("reason", Reason, "none", "Why, for people; never sent to clients."),
        FieldShape.Optional("expires_at", Timestamp, "never", "When it ends by itself; Retry-After is told from it."),
        FieldShape.Optional("status", OneOf(403, 429, 503), "429", "Status of the refusal."));

    /// <summary>A whole set as it is pushed or kept at the edge.</summary>
    public static ObjectShape KillSwitchSet { get; } = new(
        "kill switch set",
        "A whole set of kill switches, as it is pushed to an edge.",
        FieldShape.Required("kill_switches", KillSwitches, "The set; empty lifts them all."));

    /// <summary>A whole set as it is pushed or kept at the edge.</summary>
    public static ObjectShape ApiKeySet { get; } = new(
        "API key set",
        "The whole set of an organization's API keys, as it is pushed to an edge.",
        FieldShape.Required("api_keys", List(IdentityShapes.ApiKey, 0, 10_000), "The set; empty takes them all back."));

    /// <inheritdoc cref="ApiKeySet" />
    public static ObjectShape RevocationSet { get; } = new(
        "revocation set",
        "The whole set of revocations, as it is pushed to an edge.",
        FieldShape.Required("revocations", IdentityShapes.Revocations, "The set; empty lifts them all."));

    public static ObjectShape Bundle { get; } = new(
        "bundle",
        "The document. All or nothing: one error refuses it whole, and the last good one stays in force.",
        FieldShape.Required("format", Words(NativeFormat), "Says that the document is native: strict. A document without it is read in the peer's dialect.") with { NativeOnly = true },
        FieldShape.Optional("bundle_version", Count(1, 9_007_199_254_740_991), "1", "Version; must rise from bundle to bundle. A control plane assigns its own to a draft.") with { RequiredInPeer = true },
        FieldShape.Optional("issued_at", Timestamp, "none", "When it was written."),
        FieldShape.Optional("expires_at", Timestamp, "never", "From when it is no longer valid; then kept with a loud metric, or denied, as the edge's options say."),
        FieldShape.Required("policies", List(PolicyShapes.Policy, 0, 50_000), "Policies; an empty list allows everything."),
        FieldShape.Optional("kill_switches", KillSwitches, "none", "Kill switches that come with the bundle. Pushed and local ones add to them."),
        FieldShape.Optional("global_shadow", Override, "off", "Treats every policy as `mode: shadow`. Kill switches stay real."),
        FieldShape.Optional("kill_switch_override", Override, "off", "Mutes the kill switches of this bundle, never pushed or local ones."),
        FieldShape.Optional("issuers", List(IdentityShapes.Issuer, 0, 64), "none", "Who may sign tokens. Needed for every `jwt:` descriptor of a policy."),
        FieldShape.Optional("tests", List(TestShapes.Test, 0, 1000), "none", "Unit tests of the policies."),
        FieldShape.Optional("api_keys", List(IdentityShapes.ApiKey, 0, 100_000), "none", "API keys, by digest; empty when all of them come from the control plane."),
        FieldShape.Optional("agents", List(IdentityShapes.Agent, 0, 10_000), "none", "Registered agents."),
        FieldShape.Optional("client_certificates", IdentityShapes.ClientCertificates, "none", "Callers known by certificate."),
        FieldShape.Optional("revocations", IdentityShapes.Revocations, "none", "Revocations known when the bundle is written."),
        FieldShape.Optional("webhooks", List(IdentityShapes.Webhook, 0, 1000), "none", "Webhook providers."),
        FieldShape.Optional("llm_providers", List(DoorShapes.LlmProvider, 0, 64), "none", "LLM providers."),
        FieldShape.Optional("security_headers", DoorShapes.SecurityHeaders, "the fields' defaults", "Headers of every response, unless a policy says otherwise."),
        FieldShape.Optional("probes", List(DoorShapes.Probe, 0, 16), "none", "Requests that must be allowed or refused before the edge is ready."),
        FieldShape.Optional("fuse", DoorShapes.Fuse, "off", "Reverts a bundle that refuses too much."),
        FieldShape.IgnoredInPeer("defaults", "Kept by the peer and never used."),
        FieldShape.IgnoredInPeer("jwt_keys", "Seen in the peer's benchmarks, without effect."));

    private static ListShape KillSwitches => List(KillSwitch, 0, 10_000);
}
