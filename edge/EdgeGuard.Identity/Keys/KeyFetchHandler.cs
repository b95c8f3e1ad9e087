using System.Net;

namespace EdgeGuard.Identity.Keys;

/// <summary>
/// The connections that keys are fetched over. A listed name that leads into the edge's own network is refused when it is connected to, because whoever answers
/// for the name could otherwise point the edge at what only it can reach; exactly the addresses that were judged are connected to.
/// </summary>
public static class KeyFetchHandler
{
    private const string Loopback = "localhost";

    /// <summary>A handler for fetching keys: no redirects, which would leave the allow-list; no proxy, which would choose another way to it; no cookies.</summary>
    /// <param name="options">Names that may lead to private addresses.</param>
    public static HttpMessageHandler Create(IdentityOptions options)
    {
        var handler = Create(options, new SystemNetwork());

        // A fetch ends by itself after its time; the connection that was begun for it must not be tried for minutes more.
        handler.ConnectTimeout = TimeSpan.FromSeconds(10);
        return handler;
    }

    internal static SocketsHttpHandler Create(IdentityOptions options, INetwork network) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectCallback = async (context, cancellation) => await ConnectAsync(context.DnsEndPoint, options, network, cancellation),
    };

    private static async Task<Stream> ConnectAsync(DnsEndPoint target, IdentityOptions options, INetwork network, CancellationToken cancellation)
    {
        // An address is allowed by being listed itself, which was looked at before.
        if (IPAddress.TryParse(target.Host, out var literal))
        {
            return await network.ConnectAsync([literal], target.Port, cancellation);
        }

        var addresses = await network.ResolveAsync(target.Host, cancellation);

        // One that is not fit refuses them all: of several an attacker needs only one.
        return Array.TrueForAll(addresses, address => IsAllowed(target.Host, address, options))
            ? await network.ConnectAsync(addresses, target.Port, cancellation)
            : throw new PrivateAddressException(target.Host);
    }

    // RFC 6761 section 6.3: this one name says itself that it is the machine, so listing it says so too.
    private static bool IsAllowed(string host, IPAddress address, IdentityOptions options) =>
        PublicAddress.Contains(address)
        || options.PrivateHosts.Contains(host.ToLowerInvariant())
        || (host.Equals(Loopback, StringComparison.OrdinalIgnoreCase) && IPAddress.IsLoopback(address));
}
