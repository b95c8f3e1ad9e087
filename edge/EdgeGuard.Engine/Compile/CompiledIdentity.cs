using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Compile;

/// <summary>What a policy demands of its caller: an identity, or that the request is a webhook's delivery, or both.</summary>
internal sealed class CompiledIdentity(RouteIdentityDefinition? definition, string? webhook)
{
    private static readonly ImmutableArray<CredentialKinds> EachKind =
        [CredentialKinds.Jwt, CredentialKinds.ApiKey, CredentialKinds.Agent, CredentialKinds.Certificate];

    /// <summary>Kinds that are accepted.</summary>
    public CredentialKinds Kinds => definition?.Kinds ?? CredentialKinds.None;

    /// <summary>Scopes that one accepted credential must have.</summary>
    public ImmutableArray<string> Scopes => definition?.Scopes ?? [];

    /// <summary>Id of the webhook provider whose deliveries alone pass, or null.</summary>
    public string? Webhook => webhook;

    /// <summary>Whether a verified identity is demanded.</summary>
    public bool DemandsCredential => definition is not null;

    /// <summary>
    /// What a policy demands, or null when it demands nothing. Without <c>required</c> scopes and issuers are demanded of those who are known.
    /// </summary>
    public static CompiledIdentity? Of(PolicyDefinition policy)
    {
        var identity = policy.Identity.Mode switch
        {
            IdentityMode.Required => policy.Identity,
            IdentityMode.Optional when !policy.Identity.Scopes.IsEmpty || !policy.Identity.Issuers.IsEmpty => policy.Identity,
            _ => null,
        };
        return identity is null && policy.Webhook is null ? null : new CompiledIdentity(identity, policy.Webhook);
    }

    /// <summary>Why a request is refused, or <see cref="Reason.None"/>.</summary>
    public Reason Check(FactSet facts)
    {
        var reason = definition is null ? Reason.None : Check(definition, facts.Caller);
        return reason != Reason.None || webhook is null ? reason : ReasonOf(facts.Deliveries.StateOf(webhook));
    }

    private static Reason ReasonOf(DeliveryState state) => state switch
    {
        DeliveryState.Verified => Reason.None,
        DeliveryState.None => Reason.IdentityRequired,
        DeliveryState.TooLarge => Reason.TooLarge,
        DeliveryState.Replayed => Reason.Replayed,
        DeliveryState.NoRoom => Reason.OverloadShed,
        _ => Reason.IdentityInvalid,
    };

    // One accepted credential that has every scope is enough; but a token of an issuer that is not accepted is refused whatever else is there, because
    // its claims would be read.
    private static Reason Check(RouteIdentityDefinition definition, CallerFacts caller)
    {
        var accepted = false;
        var lacksScope = false;
        var refused = false;
        foreach (var kind in EachKind)
        {
            if ((definition.Kinds & kind) == CredentialKinds.None)
            {
                continue;
            }

            switch (caller.StateOf(kind))
            {
                case CredentialState.Verified when !IsAcceptedSource(definition, kind, caller):
                    return Reason.IdentityInvalid;
                case CredentialState.Verified when HasScopes(definition, kind, caller):
                    accepted = true;
                    break;
                case CredentialState.Verified:
                    lacksScope = true;
                    break;
                case CredentialState.Invalid:
                    refused = true;
                    break;
                default:
                    break;
            }
        }

        if (accepted)
        {
            return Reason.None;
        }

        if (lacksScope)
        {
            return Reason.ScopeDenied;
        }

        return definition.Mode != IdentityMode.Required ? Reason.None : refused ? Reason.IdentityInvalid : Reason.IdentityRequired;
    }

    private static bool IsAcceptedSource(RouteIdentityDefinition definition, CredentialKinds kind, CallerFacts caller) =>
        kind != CredentialKinds.Jwt || definition.Issuers.IsEmpty || definition.Issuers.Contains(caller.SourceOf(kind));

    private static bool HasScopes(RouteIdentityDefinition definition, CredentialKinds kind, CallerFacts caller)
    {
        foreach (var scope in definition.Scopes)
        {
            if (!caller.HasScope(kind, scope))
            {
                return false;
            }
        }

        return true;
    }
}
