using System.Collections.Immutable;

namespace EdgeGuard.Bundles.Model;

/// <summary>A bundle as its author wrote it, valid and with defaults applied. Immutable.</summary>
public sealed record PolicyDocument
{
    public required DocumentFormat Format { get; init; }

    /// <summary>Version chosen by the author (standalone) or assigned by the control plane; at least 1. Must rise.</summary>
    public required long BundleVersion { get; init; }

    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>From when on the bundle is no longer valid; enforced at load and afterwards (options: keep or deny).</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public ImmutableArray<PolicyDefinition> Policies { get; init; } = [];

    public ImmutableArray<KillSwitchDefinition> KillSwitches { get; init; } = [];

    public OverrideDefinition? GlobalShadow { get; init; }

    public OverrideDefinition? KillSwitchOverride { get; init; }

    public ImmutableArray<IssuerDefinition> Issuers { get; init; } = [];

    public ImmutableArray<ApiKeyDefinition> ApiKeys { get; init; } = [];

    public ImmutableArray<AgentDefinition> Agents { get; init; } = [];

    public ClientCertificatesDefinition? ClientCertificates { get; init; }

    /// <summary>Revocations that were known when the bundle was written.</summary>
    public RevocationsDefinition Revocations { get; init; } = RevocationsDefinition.None;

    public ImmutableArray<WebhookDefinition> Webhooks { get; init; } = [];

    public ImmutableArray<LlmProviderDefinition> LlmProviders { get; init; } = [];

    /// <summary>Headers of every response, unless a policy says otherwise.</summary>
    public SecurityHeadersDefinition SecurityHeaders { get; init; } = new();

    public ImmutableArray<ProbeDefinition> Probes { get; init; } = [];

    /// <summary>How the bundle is watched when it comes into force, or null.</summary>
    public FuseDefinition? Fuse { get; init; }

    public ImmutableArray<PolicyTest> Tests { get; init; } = [];
}
