using System.Collections.Frozen;
using System.Net;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.DataFiles;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Proxy;

/// <summary>
/// Cleans the headers of a request from a client before anything reads them: hop-by-hop first (RFC 9110 section 7.6.1), then what only a gateway
/// may say, and the twins with an underscore, or another such character, that some upstreams read as the name with a hyphen.
/// </summary>
internal sealed class HeaderHygiene(EdgeOptions options, ClientAddressReader addresses, FactSources sources)
{
    private static readonly FrozenSet<string> Framing =
        FrozenSet.ToFrozenSet(["Host", "Content-Length", "Transfer-Encoding", "Content-Type"], StringComparer.OrdinalIgnoreCase);

    private HeaderRules? _rules;

    /// <summary>What the policies of a snapshot ask for. Made once a bundle or kill-switch change; a race makes them twice.</summary>
    public HeaderRules RulesOf(PolicySnapshot snapshot)
    {
        var rules = Volatile.Read(ref _rules);
        if (rules is null || !ReferenceEquals(rules.Plan, snapshot.Facts))
        {
            rules = new HeaderRules(options, sources, snapshot);
            Volatile.Write(ref _rules, rules);
        }

        return rules;
    }

    /// <summary>Whether a peer's word on others is taken.</summary>
    public bool Trusts(IPAddress? peer) => addresses.Proxies.TrustsPeer(peer);

    /// <summary>Cleans a request's headers in place, for a decision by a snapshot.</summary>
    public void Clean(HttpContext context, PolicySnapshot snapshot)
    {
        var plan = snapshot.Facts;
        var headers = context.Request.Headers;
        RemoveNamedByConnection(headers);
        var trusted = Trusts(context.Connection.RemoteIpAddress);
        var rules = RulesOf(snapshot);
        List<string>? unwanted = null;
        foreach (var (name, _) in headers)
        {
            if (IsUnwanted(name, trusted, headers, rules))
            {
                (unwanted ??= []).Add(name);
            }
        }

        foreach (var name in unwanted ?? [])
        {
            headers.Remove(name);
        }

        KeepFirstValues(headers, rules.Names);
        if (plan.NeedsCookies)
        {
            CookieHygiene.Clean(headers, plan);
        }
    }

    // The first value counts; an upstream that reads the last one, or joins them, would serve another identity than the one that was charged.
    // Authorization stays as it is: when claims are read a repeated one is refused, and a "header:authorization" is cut like any other.
    private static void KeepFirstValues(IHeaderDictionary headers, string[] names)
    {
        foreach (var name in names)
        {
            if (headers.TryGetValue(name, out var values) && values.Count > 1)
            {
                headers[name] = values[0];
            }
        }
    }

    // Upgrade stays with its Connection option: the forwarder rebuilds both for WebSockets and drops them otherwise. What frames or types the body
    // is end-to-end; a client that names it as hop-by-hop must not change how the upstream reads the message.
    private static void RemoveNamedByConnection(IHeaderDictionary headers)
    {
        foreach (var line in headers.Connection)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                var name = line.AsSpan(range).Trim();
                if (!name.IsEmpty && !name.Equals("upgrade", StringComparison.OrdinalIgnoreCase) && !name.Equals("close", StringComparison.OrdinalIgnoreCase))
                {
                    var text = name.ToString();
                    if (!Framing.Contains(text))
                    {
                        headers.Remove(text);
                    }
                }
            }
        }
    }

    // A twin of a header that is also there under its usual name goes like that of one that was decided on. A twin of what frames the body is one even alone.
    private static bool IsUnwanted(string name, bool trusted, IHeaderDictionary headers, HeaderRules rules)
    {
        var hyphened = HeaderRules.Hyphened(name);
        var isTwin = !ReferenceEquals(hyphened, name);
        return HeaderRules.IsHopByHop(name)
            || rules.IsEdgesOwn(hyphened)
            || rules.IsTwin(hyphened, name)
            || (isTwin && (headers.ContainsKey(hyphened) || Framing.Contains(hyphened)))
            || ((!trusted || isTwin) && rules.IsProxysOwn(hyphened));
    }
}
