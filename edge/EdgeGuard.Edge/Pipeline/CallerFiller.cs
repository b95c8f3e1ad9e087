using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Identity;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>Fills the facts that come from verified credentials.</summary>
internal static class CallerFiller
{
    /// <summary>Fills the facts of a caller that a plan asks for.</summary>
    public static void Fill(in Caller caller, FactPlan plan, FactSet facts)
    {
        Fill(caller.Token, DescriptorKind.Claim, plan, facts);
        Fill(caller.Key, DescriptorKind.KeyProperty, plan, facts);
        Fill(caller.Agent, DescriptorKind.AgentProperty, plan, facts);
        Fill(caller.Certificate, DescriptorKind.CertificateProperty, plan, facts);
    }

    private static void Fill(Credential? credential, DescriptorKind kind, FactPlan plan, FactSet facts)
    {
        if (credential is null or { Outcome: CredentialOutcome.None })
        {
            return;
        }

        var verified = credential.Outcome == CredentialOutcome.Verified;
        facts.Caller.Set(credential.Kind, verified ? CredentialState.Verified : CredentialState.Invalid, credential.SourceId, credential.Scopes);
        if (credential.Outcome == CredentialOutcome.Unavailable)
        {
            facts.Caller.MarkUnavailable(credential.Kind);
        }

        foreach (var slot in plan.SlotsOf(kind))
        {
            // Not GetValueOrDefault, which asks through an interface and takes twice as long.
            Set(facts, slot.Slot, verified, credential.Values.TryGetValue(slot.Name, out var value) ? value : null);
        }

        if (kind == DescriptorKind.Claim)
        {
            FillMembers(credential, verified, plan, facts);
        }
    }

    private static void FillMembers(Credential token, bool verified, FactPlan plan, FactSet facts)
    {
        foreach (var slot in plan.SlotsOf(DescriptorKind.ClaimMember))
        {
            var isMember = token.Lists.TryGetValue(slot.Name, out var list) && list.Contains(slot.Member);
            Set(facts, slot.Slot, verified, isMember ? slot.Member : null);
        }
    }

    private static void Set(FactSet facts, int slot, bool verified, string? value)
    {
        if (verified)
        {
            facts.Set(slot, value.AsSpan());
        }
        else if (value is not null)
        {
            facts.SetUnverifiable(slot, value.AsSpan());
        }
        else
        {
            facts.SetUnverifiable(slot);
        }
    }
}
