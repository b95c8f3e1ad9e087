using System.Text;
using EdgeGuard.Edge.Pipeline;

namespace EdgeGuard.Edge.Answers;

/// <summary>Whether a client speaks TLS: to the edge itself, or to a trusted proxy that says so.</summary>
internal sealed class ClientScheme(ClientAddressReader addresses)
{
    private const string Proto = "X-Forwarded-Proto";
    private const string Forwarded = "Forwarded";

    /// <summary>Whether it does. What a trusted proxy says counts for more than the proxy's own connection.</summary>
    public bool IsSecure<THead>(in THead head)
        where THead : IRequestHead
    {
        if (!addresses.Proxies.TrustsPeer(head.Peer))
        {
            return head.IsTls;
        }

        // Of several values it cannot be told which one is the proxy's own.
        if (head.CountOf(Proto) > 0)
        {
            return head.CountOf(Proto) == 1 && head.LineOf(Proto, 0).Equals("https", StringComparison.OrdinalIgnoreCase);
        }

        var lines = head.CountOf(Forwarded);
        return lines == 0 ? head.IsTls : ProtoOf(head.LineOf(Forwarded, lines - 1)).Equals("https", StringComparison.OrdinalIgnoreCase);
    }

    // Of the last element, which the nearest proxy wrote (RFC 7239 section 4). A value with commas in quotes is no scheme.
    private static ReadOnlySpan<char> ProtoOf(ReadOnlySpan<char> line)
    {
        var element = line[(line.LastIndexOf(',') + 1)..];
        foreach (var range in element.Split(';'))
        {
            var pair = element[range].Trim();
            if (pair.StartsWith("proto=", StringComparison.OrdinalIgnoreCase))
            {
                return pair["proto=".Length..].Trim('"');
            }
        }

        return default;
    }
}
