using EdgeGuard.Options;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace EdgeGuard.Edge.Proxy;

/// <summary>The forwarder's configuration: one route that takes everything, and the clusters of the options. The engine is the only matcher.</summary>
internal static class ProxyConfiguration
{
    /// <summary>Cluster of requests that match no policy, or a policy that names none.</summary>
    public const string DefaultCluster = "default";

    /// <summary>
    /// How long a forwarded exchange may stand still. The timeout of a cluster bounds the wait for response headers only (see
    /// <see cref="UpstreamHandler"/>): event streams and WebSockets are silent for minutes by nature.
    /// </summary>
    private static readonly TimeSpan StandstillLimit = TimeSpan.FromHours(1);

    public static IReadOnlyList<RouteConfig> Routes { get; } =
    [
        new RouteConfig { RouteId = "everything", ClusterId = DefaultCluster, Match = new RouteMatch { Path = "/{**path}" } },
    ];

    public static IReadOnlyList<ClusterConfig> Clusters(EdgeOptions options) =>
        [.. options.Clusters.Select(entry => Cluster(entry.Key, entry.Value))];

    private static ClusterConfig Cluster(string name, ClusterOptions cluster) => new()
    {
        ClusterId = name,
        Destinations = cluster.Destinations
            .Select((address, index) => (Name: index.ToString(), Address: address))
            .ToDictionary(entry => entry.Name, entry => new DestinationConfig { Address = entry.Address }, StringComparer.Ordinal),
        HttpRequest = new ForwarderRequestConfig { ActivityTimeout = StandstillLimit },

        // Requests came in as UTF-8 (anything else is refused when parsed); responses are passed on byte for byte.
        HttpClient = new HttpClientConfig { RequestHeaderEncoding = "utf-8", ResponseHeaderEncoding = "latin1" },
        Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [UpstreamHandler.TimeoutKey] = cluster.Timeout.Ticks.ToString() },
    };
}
