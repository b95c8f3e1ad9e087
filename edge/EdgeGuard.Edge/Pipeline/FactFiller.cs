using System.Net;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Matching;
using EdgeGuard.Identity;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>Fills the facts that a snapshot's plan asks for, and no others.</summary>
internal sealed class FactFiller(ClientAddressReader addresses)
{
    private SlotLookup? _lookup;

    /// <summary>Fills a fact set that was begun with the plan.</summary>
    /// <param name="context">Request that carries the headers.</param>
    /// <param name="host">Host of the request decided on, for <c>header:host</c>.</param>
    /// <param name="plan">The snapshot's plan.</param>
    /// <param name="token">What is known of the bearer.</param>
    /// <param name="scratch">Where the facts go; holds the query.</param>
    public void Fill(HttpContext context, string host, FactPlan plan, TokenResult token, RequestScratch scratch)
    {
        var facts = scratch.Facts;
        facts.Begin(plan);
        var lookup = LookupOf(plan);
        var headers = context.Request.Headers;
        foreach (var (slot, name) in lookup.Headers)
        {
            if (name == "host")
            {
                facts.Set(slot, host);
            }
            else if (headers.TryGetValue(name, out var values) && values.Count > 0)
            {
                facts.Set(slot, values[0].AsSpan());
            }
        }

        if (plan.NeedsQuery)
        {
            QueryReader.Fill(scratch.Query, plan, facts);
        }

        if (plan.NeedsAddress && addresses.Read(context) is { } address)
        {
            SetAddress(lookup, facts, address);
        }

        if (plan.NeedsClaims)
        {
            SetClaims(lookup, facts, token);
        }
    }

    private static void SetAddress(SlotLookup lookup, FactSet facts, IPAddress address)
    {
        Span<byte> text = stackalloc byte[64];
        if (address.TryFormat(text, out var written))
        {
            foreach (var slot in lookup.Addresses)
            {
                facts.Set(slot, text[..written]);
            }
        }
    }

    private static void SetClaims(SlotLookup lookup, FactSet facts, TokenResult token)
    {
        if (token.Outcome == TokenOutcome.None)
        {
            return;
        }

        foreach (var (slot, name) in lookup.Claims)
        {
            var known = token.Claims.TryGetValue(name, out var value);
            if (token.Outcome == TokenOutcome.Verified)
            {
                if (known)
                {
                    facts.Set(slot, value.AsSpan());
                }
            }
            else if (known)
            {
                facts.SetUnverifiable(slot, value.AsSpan());
            }
            else
            {
                facts.SetUnverifiable(slot);
            }
        }
    }

    // A plan lives as long as its snapshot, so this is computed once a bundle or kill-switch change; a race computes it twice.
    private SlotLookup LookupOf(FactPlan plan)
    {
        var lookup = Volatile.Read(ref _lookup);
        if (lookup is null || !ReferenceEquals(lookup.Plan, plan))
        {
            lookup = new SlotLookup(plan);
            Volatile.Write(ref _lookup, lookup);
        }

        return lookup;
    }

    private sealed class SlotLookup
    {
        public SlotLookup(FactPlan plan)
        {
            Plan = plan;
            Headers = Of(plan, DescriptorKind.Header);
            Claims = Of(plan, DescriptorKind.Claim);
            Addresses = [.. Of(plan, DescriptorKind.IpAddress).Select(entry => entry.Slot)];
        }

        public FactPlan Plan { get; }

        public (int Slot, string Name)[] Headers { get; }

        public (int Slot, string Name)[] Claims { get; }

        public int[] Addresses { get; }

        private static (int Slot, string Name)[] Of(FactPlan plan, DescriptorKind kind) =>
            [.. plan.Slots.Select((key, slot) => (Key: key, Slot: slot)).Where(entry => entry.Key.Kind == kind).Select(entry => (entry.Slot, entry.Key.Name))];
    }
}
