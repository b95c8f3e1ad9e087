using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Reading;

namespace EdgeGuard.Bundles.Validation;

/// <summary>Makes the model of a document that validators have found without error, with every default really applied.</summary>
internal sealed class DocumentBinder(DocumentFormat dialect)
{
    private readonly RuleBinder _rules = new(dialect);

    public PolicyDocument Bind(Node root) => new()
    {
        Format = dialect,
        BundleVersion = (long)(root.NumberAt("bundle_version") ?? 1),
        IssuedAt = root.TimeAt("issued_at"),
        ExpiresAt = root.TimeAt("expires_at"),
        Policies = Each(root["policies"], BindPolicy),
        KillSwitches = KillSwitchBinder.Bind(root["kill_switches"]),
        GlobalShadow = BindOverride(root["global_shadow"]),
        KillSwitchOverride = BindOverride(root["kill_switch_override"]),
        Issuers = Each(root["issuers"], IdentityBinder.BindIssuer),
        ApiKeys = Each(root["api_keys"], IdentityBinder.BindApiKey),
        Agents = Each(root["agents"], IdentityBinder.BindAgent),
        ClientCertificates = root["client_certificates"] is { } certificates ? IdentityBinder.BindCertificates(certificates) : null,
        Revocations = IdentityBinder.BindRevocations(root["revocations"]),
        Webhooks = Each(root["webhooks"], IdentityBinder.BindWebhook),
        LlmProviders = Each(root["llm_providers"], LlmBinder.BindProvider),
        SecurityHeaders = DoorBinder.BindSecurityHeaders(root["security_headers"]) ?? new SecurityHeadersDefinition(),
        Probes = Each(root["probes"], DoorBinder.BindProbe),
        Fuse = ProtectionBinder.BindFuse(root["fuse"]),
        Tests = Each(root["tests"], TestBinder.Bind),
    };

    /// <summary>Binds every item of a list; none when there is no list.</summary>
    public static ImmutableArray<T> Each<T>(Node? list, Func<Node, T> bind)
    {
        if (list is null || list.Items.Count == 0)
        {
            return [];
        }

        var items = ImmutableArray.CreateBuilder<T>(list.Items.Count);
        foreach (var item in list.Items)
        {
            items.Add(bind(item));
        }

        return items.MoveToImmutable();
    }

    private PolicyDefinition BindPolicy(Node node)
    {
        var spec = node["spec"]!;
        return new PolicyDefinition
        {
            Id = node.TextAt("id")!,
            Selector = BindSelector(spec["selector"]!),
            Mode = spec.TextAt("mode") == "shadow" ? PolicyMode.Shadow : PolicyMode.Enforce,
            Rules = Each(spec["rules"], _rules.Bind),
            FallbackLimit = spec["fallback_limit"] is { } fallback ? _rules.BindFallback(fallback) : null,
            Cluster = spec.TextAt("cluster"),
            LoopDetection = ProtectionBinder.BindLoopDetection(spec),
            CircuitBreaker = ProtectionBinder.BindCircuitBreaker(spec, dialect),
            AdaptiveConcurrency = ProtectionBinder.BindAdaptiveConcurrency(spec),
            Identity = IdentityBinder.BindRoute(spec),
            Webhook = spec.TextAt("webhook"),
            Llm = LlmBinder.BindRoute(spec["llm"]),
            Mcp = LlmBinder.BindTools(spec["mcp"]),
            OnFailure = DoorBinder.BindOnFailure(spec["on_failure"]),
            RequestLimits = DoorBinder.BindRequestLimits(spec["request_limits"]),
            SecurityHeaders = DoorBinder.BindSecurityHeaders(spec["security_headers"]),
            Cors = DoorBinder.BindCors(spec["cors"]),
        };
    }

    private static SelectorDefinition BindSelector(Node node) => new()
    {
        Hosts = Each(node["hosts"], host => host.Text.ToLowerInvariant()),
        PathExact = node.TextAt("pathExact") ?? node.TextAt("path_exact"),
        PathPrefix = node.TextAt("pathPrefix") ?? node.TextAt("path_prefix"),
        Methods = Each(node["methods"], method => method.Text),
    };

    private static OverrideDefinition? BindOverride(Node? node) => node is null
        ? null
        : new OverrideDefinition(node["enabled"]!.Boolean, node.TextAt("reason") ?? string.Empty, node.TimeAt("expires_at"));
}
