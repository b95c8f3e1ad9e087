using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Identity;

/// <summary>Who may call, as a bundle says, its references resolved.</summary>
public sealed record IdentitySources
{
    public static IdentitySources None { get; } = new();

    public ImmutableArray<IssuerDefinition> Issuers { get; init; } = [];

    public ImmutableArray<ApiKeyDefinition> ApiKeys { get; init; } = [];

    public ImmutableArray<AgentDefinition> Agents { get; init; } = [];

    public ClientCertificatesDefinition? Certificates { get; init; }

    /// <summary>Providers of webhooks, their secrets resolved.</summary>
    public ImmutableArray<WebhookDefinition> Webhooks { get; init; } = [];

    /// <summary>Revocations of the bundle; pushed ones add to them.</summary>
    public RevocationsDefinition Revocations { get; init; } = RevocationsDefinition.None;

    /// <summary>Whether there is nobody to verify and nothing revoked.</summary>
    public bool IsEmpty => Issuers.IsEmpty && ApiKeys.IsEmpty && Agents.IsEmpty && Certificates is null && Webhooks.IsEmpty
        && Revocations.TokensValidAfter.IsEmpty && Revocations.TokenIds.IsEmpty;

    /// <summary>
    /// Both: what holds around the swap of two bundles, so that no request meets a policy without its sources. Of two entries with one id this one's counts.
    /// </summary>
    public IdentitySources Union(IdentitySources other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new IdentitySources
        {
            Issuers = [.. Issuers, .. other.Issuers.Where(issuer => !Issuers.Any(own => own.Issuer == issuer.Issuer || own.Id == issuer.Id))],
            ApiKeys = [.. ApiKeys, .. other.ApiKeys.ExceptBy(ApiKeys.Select(key => key.Id), key => key.Id)],
            Agents = [.. Agents, .. other.Agents.ExceptBy(Agents.Select(agent => agent.Id), agent => agent.Id)],
            Certificates = Certificates ?? other.Certificates,
            Webhooks = [.. Webhooks, .. other.Webhooks.ExceptBy(Webhooks.Select(webhook => webhook.Id), webhook => webhook.Id)],
            Revocations = new RevocationsDefinition
            {
                TokensValidAfter = [.. Revocations.TokensValidAfter, .. other.Revocations.TokensValidAfter],
                TokenIds = [.. Revocations.TokenIds, .. other.Revocations.TokenIds],
            },
        };
    }
}
