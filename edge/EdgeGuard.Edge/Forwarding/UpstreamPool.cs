using System.Collections.Concurrent;
using EdgeGuard.Edge.Metrics;
using EdgeGuard.Edge.Proxy;
using EdgeGuard.Edge.Tracing;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Options;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>
/// The upstreams of the lane. Which destinations a cluster has, and which of them are well, is the model of the YARP path; only connections are the lane's own. Of
/// several destinations two are drawn and the one with less under way is taken, on both paths together, as the forwarder does it.
/// </summary>
internal sealed class UpstreamPool : IMetricSource
{
    private readonly IProxyStateLookup _clusters;
    private readonly EdgeOptions _options;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, UpstreamDestination> _destinations = new(StringComparer.Ordinal);
    private Served? _served;
    private long _opened;
    private long _retried;

    public UpstreamPool(IProxyStateLookup clusters, EdgeOptions options, TimeProvider time)
    {
        _clusters = clusters;
        _options = options;
        _time = time;
    }

    /// <summary>Whether the lane can reach a cluster: one without TLS.</summary>
    public bool Serves(string cluster) => IsPlain(cluster);

    /// <summary>Whether the lane can reach every cluster that the policies of a snapshot name, so that nobody has to look where a single request goes.</summary>
    public bool ServesAll(PolicySnapshot snapshot)
    {
        var served = Volatile.Read(ref _served);
        if (served is null || !ReferenceEquals(served.Snapshot, snapshot))
        {
            served = new Served(snapshot, snapshot.ClusterNames.Append(ProxyConfiguration.DefaultCluster).All(IsPlain));
            Volatile.Write(ref _served, served);
        }

        return served.All;
    }

    /// <summary>Where a request goes; null when its cluster has no destination.</summary>
    /// <param name="cluster">Name of its cluster.</param>
    /// <param name="timeout">How long the upstream may take to begin its answer.</param>
    public UpstreamDestination? Choose(string cluster, out TimeSpan timeout)
    {
        timeout = default;
        if (!_options.Clusters.TryGetValue(cluster, out var options) || !_clusters.TryGetCluster(cluster, out var state))
        {
            return null;
        }

        timeout = options.Timeout;
        var available = state.DestinationsState.AvailableDestinations;
        switch (available.Count)
        {
            case 0:
                return null;
            case 1:
                return Of(available[0]);
        }

        var draw = RandomIds.Next64();
        var first = (int)((uint)draw % (uint)available.Count);
        var second = (int)((uint)(draw >> 32) % (uint)(available.Count - 1));
        second += second >= first ? 1 : 0;
        var (one, other) = (Of(available[first]), Of(available[second]));
        return one.InFlight + available[first].ConcurrentRequestCount <= other.InFlight + available[second].ConcurrentRequestCount ? one : other;
    }

    /// <summary>Counts a new connection.</summary>
    public void CountOpened() => Interlocked.Increment(ref _opened);

    /// <summary>Counts a request that was sent again.</summary>
    public void CountRetried() => Interlocked.Increment(ref _retried);

    /// <inheritdoc />
    public void Write(MetricWriter writer)
    {
        writer.Single(
            "edgeguard_upstream_connections_idle", "gauge", "Connections to upstreams that the proxy lane keeps idle.", _destinations.Values.Sum(one => (long)one.Idle));
        writer.Single(
            "edgeguard_upstream_connections_opened_total", "counter", "Connections to upstreams that the proxy lane has opened.", Interlocked.Read(ref _opened));
        writer.Single(
            "edgeguard_upstream_retries_total",
            "counter",
            "Requests of the proxy lane that were sent again because a kept connection had been closed.",
            Interlocked.Read(ref _retried));
    }

    private bool IsPlain(string cluster) =>
        _options.Clusters.GetValueOrDefault(cluster)?.IsPlain ?? true;

    private UpstreamDestination Of(DestinationState destination)
    {
        var address = destination.Model.Config.Address;
        return _destinations.TryGetValue(address, out var known)
            ? known
            : _destinations.GetOrAdd(address, static (address, time) => new UpstreamDestination(new Uri(address), time), _time);
    }

    private sealed record Served(PolicySnapshot Snapshot, bool All);
}
