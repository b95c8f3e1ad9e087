using System.Net;
using Microsoft.Extensions.Primitives;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>
/// The client's address: the connection's peer, or, behind trusted proxies, the rightmost forwarded address that is not a trusted proxy itself.
/// What stands left of it was written by the client and is never looked at.
/// </summary>
internal sealed class ClientAddressReader(TrustedProxies proxies)
{
    /// <summary>Most hops followed; longer chains give no address.</summary>
    private const int MaxHops = 32;

    public TrustedProxies Proxies { get; } = proxies;

    /// <summary>The client's address, or null when there is none that can be believed.</summary>
    public IPAddress? Read(HttpContext context)
    {
        var peer = context.Connection.RemoteIpAddress;
        var current = peer is null ? null : TrustedProxies.Unmapped(peer);
        if (!Proxies.TrustsPeer(peer))
        {
            return current;
        }

        var headers = context.Request.Headers;
        var forwardedFor = headers["X-Forwarded-For"];
        return forwardedFor.Count > 0
            ? Follow(current, forwardedFor, ForwardedElements.Plain)
            : Follow(current, headers["Forwarded"], ForwardedElements.Rfc7239);
    }

    private IPAddress? Follow(IPAddress? current, StringValues values, ForwardedElements elements)
    {
        var hops = 0;
        for (var i = values.Count - 1; i >= 0; i--)
        {
            var rest = values[i].AsSpan();
            while (!rest.IsEmpty)
            {
                if (current is not null && !Proxies.Contains(current))
                {
                    return current;
                }

                if (++hops > MaxHops || !elements.TryTakeLast(ref rest, out current))
                {
                    return null;
                }
            }
        }

        return current;
    }
}
