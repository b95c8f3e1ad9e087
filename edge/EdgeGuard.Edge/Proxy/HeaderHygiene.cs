using System.Collections.Frozen;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.DataFiles;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Proxy;

/// <summary>
/// Cleans the headers of a request from a client before anything reads them: hop-by-hop first (RFC 9110 section 7.6.1), then what only a gateway
/// may say, and the twins with an underscore that some upstreams read as the name with a hyphen.
/// </summary>
internal sealed class HeaderHygiene(EdgeOptions options, ClientAddressReader addresses, FactSources sources)
{
    private static readonly FrozenSet<string> Framing =
        FrozenSet.ToFrozenSet(["Host", "Content-Length", "Transfer-Encoding", "Content-Type"], StringComparer.OrdinalIgnoreCase);

    private static readonly string[] HopByHop = ["Keep-Alive", "Proxy-Connection", "Proxy-Authorization", "Proxy-Authenticate"];

    private readonly string[] _reserved = ["X-Original-", "X-EdgeGuard-", options.HeaderPrefix];
    private PlanHeaders? _read;

    /// <summary>Cleans a request's headers in place, for a decision by a snapshot.</summary>
    public void Clean(HttpContext context, PolicySnapshot snapshot)
    {
        var plan = snapshot.Facts;
        var headers = context.Request.Headers;
        RemoveNamedByConnection(headers);
        foreach (var name in HopByHop)
        {
            headers.Remove(name);
        }

        var trusted = addresses.Proxies.TrustsPeer(context.Connection.RemoteIpAddress);
        var read = ReadHeaders(snapshot);
        List<string>? unwanted = null;
        foreach (var (name, _) in headers)
        {
            if (IsUnwanted(name, trusted, headers, read))
            {
                (unwanted ??= []).Add(name);
            }
        }

        foreach (var name in unwanted ?? [])
        {
            headers.Remove(name);
        }

        KeepFirstValues(headers, read.Names);
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

    private bool IsUnwanted(string name, bool trusted, IHeaderDictionary headers, PlanHeaders read)
    {
        var hyphened = name.Contains('_', StringComparison.Ordinal) ? name.Replace('_', '-') : name;
        foreach (var prefix in _reserved)
        {
            if (hyphened.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        // Who a caller is the edge alone tells, on every route: not even a trusted proxy may.
        if (read.Identity.Contains(hyphened))
        {
            return true;
        }

        // A twin of a header that was decided on, or that is also there under its usual name: servers that map both to one name (CGI, WSGI, PHP)
        // would let it overrule the other. A twin of what frames the body is one even alone.
        if ((read.ByHyphenedName.TryGetValue(hyphened, out var exact) && !exact.Equals(name, StringComparison.OrdinalIgnoreCase))
            || (!ReferenceEquals(hyphened, name) && (headers.ContainsKey(hyphened) || Framing.Contains(hyphened))))
        {
            return true;
        }

        return (!trusted || !ReferenceEquals(hyphened, name))
            && (IsForwarding(hyphened) || sources.HeaderNames.Contains(hyphened) || read.Trusted.Contains(hyphened));
    }

    private static bool IsForwarding(string name) =>
        name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase)
        || name.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Client-Cert", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Client-Cert-Chain", StringComparison.OrdinalIgnoreCase);

    // Once a bundle or kill-switch change; a race computes it twice.
    private PlanHeaders ReadHeaders(PolicySnapshot snapshot)
    {
        var plan = snapshot.Facts;
        var cached = Volatile.Read(ref _read);
        if (cached is null || !ReferenceEquals(cached.Plan, plan))
        {
            IEnumerable<string> agent = plan.NeedsUserAgent ? ["User-Agent"] : [];
            string[] names =
                [.. plan.SlotsOf(DescriptorKind.Header).Select(slot => slot.Name).Concat(agent).Distinct(StringComparer.OrdinalIgnoreCase)];
            cached = new PlanHeaders(plan, names, plan.SlotsOf(DescriptorKind.TrustedHeader)
                .Select(slot => slot.Name.Replace('_', '-')).ToFrozenSet(StringComparer.OrdinalIgnoreCase), names
                .GroupBy(name => name.Replace('_', '-'), StringComparer.OrdinalIgnoreCase)
                .Where(twins => twins.Count() == 1)
                .ToFrozenDictionary(twins => twins.Key, twins => twins.First(), StringComparer.OrdinalIgnoreCase), snapshot.IdentityHeaderNames
                .Select(name => name.Replace('_', '-')).ToFrozenSet(StringComparer.OrdinalIgnoreCase));
            Volatile.Write(ref _read, cached);
        }

        return cached;
    }

    private sealed record PlanHeaders(
        FactPlan Plan, string[] Names, FrozenSet<string> Trusted, FrozenDictionary<string, string> ByHyphenedName, FrozenSet<string> Identity);
}
