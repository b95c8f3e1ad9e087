using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.DataFiles;
using EdgeGuard.Engine.Addresses;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Matching;
using EdgeGuard.Identity;
using Microsoft.Net.Http.Headers;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>Fills the facts that a snapshot's plan asks for, and no others.</summary>
internal sealed class FactFiller(ClientAddressReader addresses, NetworkFacts networks, FactSources sources)
{
    /// <summary>Fills a fact set that was begun with the plan.</summary>
    /// <param name="head">Head of the request that carries the headers.</param>
    /// <param name="host">Host of the request decided on, for <c>header:host</c>.</param>
    /// <param name="plan">The snapshot's plan.</param>
    /// <param name="caller">What is known of who calls.</param>
    /// <param name="scratch">Where the facts go; holds method, host, path and query of the request decided on.</param>
    public void Fill<THead>(in THead head, ReadOnlySpan<char> host, FactPlan plan, in Caller caller, RequestScratch scratch)
        where THead : IRequestHead
    {
        var facts = scratch.Facts;
        facts.Begin(plan);
        RequestLineFacts.Fill(plan, scratch.Method, scratch.Host, scratch.Path, facts);
        var trusted = addresses.Proxies.TrustsPeer(head.Peer);
        SetHeaders(head, host, trusted, plan, facts);
        if (plan.NeedsQuery)
        {
            QueryReader.Fill(scratch.Query, plan, facts);
        }

        if (plan.NeedsAddress || plan.NeedsNetwork)
        {
            SetAddress(head, trusted, plan, facts);
        }

        CallerFiller.Fill(caller, plan, facts);
    }

    private void SetAddress<THead>(in THead head, bool trusted, FactPlan plan, FactSet facts)
        where THead : IRequestHead
    {
        var client = ClientOf(head);
        if (client is { } address)
        {
            AddressFacts.Fill(plan, address, facts);
        }

        if (plan.NeedsNetwork)
        {
            networks.Fill(head, trusted, client, plan, facts);
        }
    }

    private IpValue? ClientOf<THead>(in THead head)
        where THead : IRequestHead
    {
        Span<byte> bytes = stackalloc byte[16];
        return addresses.Read(head) is { } address && address.TryWriteBytes(bytes, out var length) && IpValue.TryRead(bytes[..length], out var client)
            ? client
            : null;
    }

    private void SetHeaders<THead>(in THead head, ReadOnlySpan<char> host, bool trusted, FactPlan plan, FactSet facts)
        where THead : IRequestHead
    {
        foreach (var slot in plan.SlotsOf(DescriptorKind.Header))
        {
            if (slot.Name == "host")
            {
                facts.Set(slot.Slot, host);
            }
            else if (head.CountOf(slot.Name) > 0 && (trusted || !IsGuarded(slot.Name, plan)))
            {
                facts.Set(slot.Slot, head.LineOf(slot.Name, 0));
            }
        }

        if (plan.NeedsUserAgent && head.CountOf(HeaderNames.UserAgent) > 0)
        {
            UserAgentFacts.Fill(head.LineOf(HeaderNames.UserAgent, 0), plan, facts);
        }

        if (plan.NeedsCookies && head.CountOf(HeaderNames.Cookie) is > 0 and var cookies)
        {
            CookieReader.Fill(cookies == 1 ? head.LineOf(HeaderNames.Cookie, 0) : Joined(head, cookies), plan, facts);
        }

        if (trusted && plan.Needs(DescriptorKind.TrustedHeader))
        {
            SetTrustedHeaders(head, plan, facts);
        }
    }

    // The proxy takes such a header away from strangers, so at a decision door it must not count either, whatever kind of descriptor reads it.
    private bool IsGuarded(string name, FactPlan plan)
    {
        foreach (var slot in plan.SlotsOf(DescriptorKind.TrustedHeader))
        {
            if (slot.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return sources.HeaderNames.Contains(name);
    }

    // A trusted proxy that sets a header replaces what the client sent. Two values mean that it added its own instead, and there is no telling
    // which one that is.
    private static void SetTrustedHeaders<THead>(in THead head, FactPlan plan, FactSet facts)
        where THead : IRequestHead
    {
        foreach (var slot in plan.SlotsOf(DescriptorKind.TrustedHeader))
        {
            switch (head.CountOf(slot.Name))
            {
                case 0:
                    break;
                case 1:
                    facts.Set(slot.Slot, head.LineOf(slot.Name, 0));
                    break;
                default:
                    facts.SetUnverifiable(slot.Slot);
                    break;
            }
        }
    }

    // HTTP/2 may split the header; together its parts are one (RFC 9113 section 8.2.3).
    private static string Joined<THead>(in THead head, int lines)
        where THead : IRequestHead
    {
        var joined = new StringBuilder();
        for (var i = 0; i < lines; i++)
        {
            joined.Append(i == 0 ? string.Empty : "; ").Append(head.LineOf(HeaderNames.Cookie, i));
        }

        return joined.ToString();
    }
}
