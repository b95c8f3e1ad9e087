using System.Net;

namespace EdgeGuard.Identity.Keys;

/// <summary>What connecting needs of the outside world.</summary>
internal interface INetwork
{
    /// <summary>Addresses of a name.</summary>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation);

    /// <summary>A connection to the first of some addresses that answers.</summary>
    Task<Stream> ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancellation);
}
