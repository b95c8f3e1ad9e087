using System.Globalization;
using System.Net;
using EdgeGuard.Options;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;

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

    /// <summary>How long a destination is left out that mostly fails: at least 10 requests in a minute, of them 30 % without an answer.</summary>
    private static readonly TimeSpan LeftOutFor = TimeSpan.FromSeconds(30);

    public static IReadOnlyList<RouteConfig> Routes { get; } =
    [
        new RouteConfig { RouteId = "everything", ClusterId = DefaultCluster, Match = new RouteMatch { Path = "/{**path}" } },
    ];

    public static IReadOnlyList<ClusterConfig> Clusters(EdgeOptions options) =>
        [.. options.Clusters.Select(entry => Cluster(entry.Key, entry.Value))];

    /// <summary>Whether a destination is left out for what becomes of requests to it.</summary>
    public static bool IsWatched(ClusterOptions cluster) => cluster is { PassiveHealth: true, Destinations.Length: > 1 };

    private static ClusterConfig Cluster(string name, ClusterOptions cluster) => new()
    {
        ClusterId = name,
        LoadBalancingPolicy = cluster.Balancing switch
        {
            "least_requests" => LoadBalancingPolicies.LeastRequests,
            "round_robin" => LoadBalancingPolicies.RoundRobin,
            "random" => LoadBalancingPolicies.Random,
            "first" => LoadBalancingPolicies.FirstAlphabetical,
            _ => LoadBalancingPolicies.PowerOfTwoChoices,
        },
        HealthCheck = Health(cluster),
        Destinations = cluster.Destinations
            .Select((address, index) => (Name: index.ToString("D4", CultureInfo.InvariantCulture), Address: address))
            .ToDictionary(entry => entry.Name, entry => Destination(entry.Address, cluster), StringComparer.Ordinal),
        HttpRequest = cluster.Protocol switch
        {
            "http1" => new ForwarderRequestConfig
            {
                ActivityTimeout = StandstillLimit,
                Version = HttpVersion.Version11,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            },
            "http2" => new ForwarderRequestConfig
            {
                ActivityTimeout = StandstillLimit,
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            },
            _ => new ForwarderRequestConfig { ActivityTimeout = StandstillLimit },
        },

        // Requests came in as UTF-8 (anything else is refused when parsed); responses are passed on byte for byte.
        HttpClient = new HttpClientConfig { RequestHeaderEncoding = "utf-8", ResponseHeaderEncoding = "latin1" },
        Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { [UpstreamHandler.TimeoutKey] = cluster.Timeout.Ticks.ToString() },
    };

    private static DestinationConfig Destination(string address, ClusterOptions cluster) => new()
    {
        Address = address,
        Host = cluster.Tls.ServerName.Length == 0 ? null : cluster.Tls.ServerName,
    };

    // With one destination there is no better one. When all are left out, all are taken: better a few failures than all.
    private static HealthCheckConfig? Health(ClusterOptions cluster)
    {
        var (isPassive, isActive) = (IsWatched(cluster), cluster.Health.Path.Length > 0);
        return !isPassive && !isActive ? null : new HealthCheckConfig
        {
            AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
            Passive = new PassiveHealthCheckConfig
            {
                Enabled = isPassive,
                Policy = HealthCheckConstants.PassivePolicy.TransportFailureRate,
                ReactivationPeriod = LeftOutFor,
            },
            Active = !isActive ? null : new ActiveHealthCheckConfig
            {
                Enabled = true,
                Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
                Interval = cluster.Health.Interval,
                Timeout = cluster.Health.Timeout,
                Path = cluster.Health.Path,
            },
        };
    }
}
