using System.Net;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.DataFiles;
using EdgeGuard.Engine.Addresses;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Matching;
using EdgeGuard.Identity;
using Microsoft.Extensions.Primitives;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>Fills the facts that a snapshot's plan asks for, and no others.</summary>
internal sealed class FactFiller(ClientAddressReader addresses, NetworkFacts networks, FactSources sources)
{
    /// <summary>Fills a fact set that was begun with the plan.</summary>
    /// <param name="context">Request that carries the headers.</param>
    /// <param name="host">Host of the request decided on, for <c>header:host</c>.</param>
    /// <param name="plan">The snapshot's plan.</param>
    /// <param name="caller">What is known of who calls.</param>
    /// <param name="scratch">Where the facts go; holds method, host, path and query of the request decided on.</param>
    public void Fill(HttpContext context, string host, FactPlan plan, in Caller caller, RequestScratch scratch)
    {
        var facts = scratch.Facts;
        facts.Begin(plan);
        RequestLineFacts.Fill(plan, scratch.Method, scratch.Host, scratch.Path, facts);
        var trusted = addresses.Proxies.TrustsPeer(context.Connection.RemoteIpAddress);
        SetHeaders(context, host, trusted, plan, facts);
        if (plan.NeedsQuery)
        {
            QueryReader.Fill(scratch.Query, plan, facts);
        }

        if (plan.NeedsAddress || plan.NeedsNetwork)
        {
            SetAddress(context, trusted, plan, facts);
        }

        CallerFiller.Fill(caller, plan, facts);
    }

    private void SetAddress(HttpContext context, bool trusted, FactPlan plan, FactSet facts)
    {
        var client = ClientOf(context);
        if (client is { } address)
        {
            AddressFacts.Fill(plan, address, facts);
        }

        if (plan.NeedsNetwork)
        {
            networks.Fill(context.Request.Headers, trusted, client, plan, facts);
        }
    }

    private IpValue? ClientOf(HttpContext context)
    {
        Span<byte> bytes = stackalloc byte[16];
        return addresses.Read(context) is { } address && address.TryWriteBytes(bytes, out var length) && IpValue.TryRead(bytes[..length], out var client)
            ? client
            : null;
    }

    private void SetHeaders(HttpContext context, string host, bool trusted, FactPlan plan, FactSet facts)
    {
        var headers = context.Request.Headers;
        foreach (var slot in plan.SlotsOf(DescriptorKind.Header))
        {
            if (slot.Name == "host")
            {
                facts.Set(slot.Slot, host);
            }
            else if (headers.TryGetValue(slot.Name, out var values) && values.Count > 0 && (trusted || !IsGuarded(slot.Name, plan)))
            {
                facts.Set(slot.Slot, values[0].AsSpan());
            }
        }

        if (plan.NeedsUserAgent && headers.UserAgent is { Count: > 0 } agents)
        {
            UserAgentFacts.Fill(agents[0].AsSpan(), plan, facts);
        }

        if (plan.NeedsCookies && headers.Cookie is { Count: > 0 } cookies)
        {
            CookieReader.Fill(Joined(cookies).AsSpan(), plan, facts);
        }

        if (trusted && plan.Needs(DescriptorKind.TrustedHeader))
        {
            SetTrustedHeaders(headers, plan, facts);
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
    private static void SetTrustedHeaders(IHeaderDictionary headers, FactPlan plan, FactSet facts)
    {
        foreach (var slot in plan.SlotsOf(DescriptorKind.TrustedHeader))
        {
            if (!headers.TryGetValue(slot.Name, out var values) || values.Count == 0)
            {
                continue;
            }

            if (values.Count == 1)
            {
                facts.Set(slot.Slot, values[0].AsSpan());
            }
            else
            {
                facts.SetUnverifiable(slot.Slot);
            }
        }
    }

    // HTTP/2 may split the header; together its parts are one (RFC 9113 section 8.2.3).
    private static string Joined(StringValues cookies) => cookies.Count == 1 ? cookies[0] ?? string.Empty : string.Join("; ", cookies.ToArray());
}
