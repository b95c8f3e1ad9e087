using System.Net;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>
/// The client's address: the connection's peer, or, behind trusted proxies, the rightmost forwarded address that is not a trusted proxy itself.
/// What stands left of it was written by the client and is never looked at.
/// </summary>
internal sealed class ClientAddressReader(TrustedProxies proxies)
{
    private const string ForwardedFor = "X-Forwarded-For";
    private const string Forwarded = "Forwarded";

    /// <summary>Most hops followed; longer chains give no address.</summary>
    private const int MaxHops = 32;

    public TrustedProxies Proxies { get; } = proxies;

    /// <summary>The client's address, or null when there is none that can be believed.</summary>
    public IPAddress? Read(HttpContext context) => Read(new HttpContextHead(context));

    /// <summary>The client's address, or null when there is none that can be believed.</summary>
    public IPAddress? Read<THead>(in THead head)
        where THead : IRequestHead
    {
        var peer = head.Peer;
        var current = peer is null ? null : TrustedProxies.Unmapped(peer);
        if (!Proxies.TrustsPeer(peer))
        {
            return current;
        }

        return head.CountOf(ForwardedFor) > 0
            ? Follow(current, head, ForwardedFor, ForwardedElements.Plain)
            : Follow(current, head, Forwarded, ForwardedElements.Rfc7239);
    }

    private IPAddress? Follow<THead>(IPAddress? current, in THead head, string name, ForwardedElements elements)
        where THead : IRequestHead
    {
        var hops = 0;
        for (var i = head.CountOf(name) - 1; i >= 0; i--)
        {
            var rest = head.LineOf(name, i);
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
