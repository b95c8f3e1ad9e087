using System.Collections.Frozen;
using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Testing;

/// <summary>Who calls in a policy test: what it gives counts as verified, but for what it calls invalid.</summary>
internal static class PolicyTestCaller
{
    private static readonly DescriptorKind[] Kinds =
    [
        DescriptorKind.Claim, DescriptorKind.ClaimMember, DescriptorKind.KeyProperty, DescriptorKind.AgentProperty, DescriptorKind.CertificateProperty,
    ];

    /// <summary>Fills what is known of the caller.</summary>
    /// <param name="request">The test's request.</param>
    /// <param name="firstIssuer">Id of the bundle's first issuer; empty for none.</param>
    /// <param name="webhooks">Providers whose deliveries the matching policies demand.</param>
    /// <param name="plan">Facts that are read.</param>
    /// <param name="facts">Where they go; the values of properties are there already.</param>
    public static void Fill(PolicyTestRequest request, string firstIssuer, ImmutableArray<string> webhooks, FactPlan plan, FactSet facts)
    {
        var scopes = FrozenSet.Create<string>(null, request.Scopes.AsSpan());
        if (!request.Claims.IsEmpty || !request.ClaimLists.IsEmpty)
        {
            facts.Caller.Set(CredentialKinds.Jwt, CredentialState.Verified, request.Issuer ?? firstIssuer, scopes);
        }

        foreach (var (key, value) in request.Facts)
        {
            if (FactPlan.CredentialOf(key.Kind) is var kind and not CredentialKinds.None)
            {
                facts.Caller.Set(kind, CredentialState.Verified, key.Name == "id" ? value : facts.Caller.SourceOf(kind), scopes);
            }
        }

        foreach (var webhook in webhooks)
        {
            facts.Deliveries.Set(webhook, StateOf(request, webhook));
        }

        FillMembers(request, plan, facts);
        Refuse(request.Invalid, plan, facts);
    }

    // A delivery of one provider bears a signature of its own, which another one may not even look for.
    private static DeliveryState StateOf(PolicyTestRequest request, string webhook) => request.Webhook switch
    {
        PolicyTestRequest.InvalidDelivery => DeliveryState.Invalid,
        { } provider when provider == webhook => DeliveryState.Verified,
        _ => DeliveryState.None,
    };

    private static void FillMembers(PolicyTestRequest request, FactPlan plan, FactSet facts)
    {
        foreach (var slot in plan.SlotsOf(DescriptorKind.ClaimMember))
        {
            foreach (var (name, values) in request.ClaimLists)
            {
                if (name == slot.Name && values.Contains(slot.Member))
                {
                    facts.Set(slot.Slot, slot.Member);
                }
            }
        }
    }

    private static void Refuse(CredentialKinds invalid, FactPlan plan, FactSet facts)
    {
        foreach (var kind in Kinds)
        {
            var credential = FactPlan.CredentialOf(kind);
            if ((invalid & credential) == CredentialKinds.None)
            {
                continue;
            }

            facts.Caller.Set(credential, CredentialState.Invalid, string.Empty, FrozenSet<string>.Empty);
            foreach (var slot in plan.SlotsOf(kind))
            {
                facts.SetUnverifiable(slot.Slot);
            }
        }
    }
}
