using System.Net;
using EdgeGuard.Edge.Pipeline;

namespace EdgeGuard.Edge.Proxy;

/// <summary>
/// Tells the upstream where a request came from: X-Forwarded-For, -Proto and -Host. Appended to what trusted proxies said; anybody else's have been
/// removed before.
/// </summary>
internal sealed class ForwardingHeaders(ClientAddressReader addresses)
{
    /// <summary>Sets the headers on the request that is about to be forwarded.</summary>
    public void Set(HttpContext context)
    {
        var headers = context.Request.Headers;
        var peer = context.Connection.RemoteIpAddress;
        if (peer is not null)
        {
            var address = TrustedProxies.Unmapped(peer).ToString();
            var before = headers["X-Forwarded-For"].ToString();
            headers["X-Forwarded-For"] = before.Length > 0 ? $"{before}, {address}" : address;
            if (addresses.Proxies.TrustsPeer(peer) && headers.TryGetValue("Forwarded", out var forwarded) && forwarded.Count > 0)
            {
                headers["Forwarded"] = $"{forwarded}, for={Node(peer)}";
            }
        }

        if (!headers.ContainsKey("X-Forwarded-Proto"))
        {
            headers["X-Forwarded-Proto"] = context.Request.Scheme;
        }

        if (!headers.ContainsKey("X-Forwarded-Host") && context.Request.Host.HasValue)
        {
            headers["X-Forwarded-Host"] = context.Request.Host.Value;
        }
    }

    // RFC 7239 section 6: an IPv6 address stands in brackets and quotes.
    private static string Node(IPAddress peer)
    {
        var address = TrustedProxies.Unmapped(peer);
        return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"\"[{address}]\"" : address.ToString();
    }
}
