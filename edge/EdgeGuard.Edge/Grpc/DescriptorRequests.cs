using EdgeGuard.Edge.Grpc.Envoy.RateLimit;
using EdgeGuard.Edge.Pipeline;

namespace EdgeGuard.Edge.Grpc;

/// <summary>
/// A rate limit descriptor as a request: its domain is the host, entries named as pseudo-headers are the request line, <c>remote_address</c> is the
/// client, and every other entry is a header of that name.
/// </summary>
internal sealed class DescriptorRequests(ClientAddressReader addresses)
{
    /// <summary>Most entries of a descriptor.</summary>
    public const int MaxEntries = 64;

    /// <summary>Reads one; one with too many entries is <see cref="OriginalRequest.Malformed"/>.</summary>
    public ToldRequest Read(HttpContext call, string domain, RateLimitDescriptor descriptor, out OriginalRequest original)
    {
        var (method, host, target) = ("GET", domain, "/");
        var told = new ToldRequest(call, method, "http", body: null);
        foreach (var entry in descriptor.Entries)
        {
            switch (entry.Key)
            {
                case ":method" or "method":
                    method = entry.Value;
                    break;
                case ":path" or "path":
                    target = entry.Value;
                    break;
                case ":authority" or "authority" or "host":
                    host = entry.Value;
                    break;
                case "remote_address":
                    if (addresses.Proxies.TrustsPeer(told.Peer))
                    {
                        told.Headers["X-Forwarded-For"] = entry.Value;
                    }

                    break;
                case "":
                    break;
                default:
                    told.Headers.Append(entry.Key, entry.Value);
                    break;
            }
        }

        original = descriptor.Entries.Count is > 0 and <= MaxEntries ? new OriginalRequest(method, host, target) : OriginalRequest.Malformed;
        return told;
    }

    /// <summary>How often the request counts: the descriptor's own number, or the request's, or once. 0, which only a descriptor can say, takes nothing.</summary>
    public static uint Hits(RateLimitRequest request, RateLimitDescriptor descriptor) =>
        descriptor.HitsAddend is { } own ? (uint)Math.Min(own, uint.MaxValue) : Math.Max(request.HitsAddend, 1);
}
