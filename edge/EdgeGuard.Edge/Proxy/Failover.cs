using EdgeGuard.Edge.Metrics;
using EdgeGuard.Options;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace EdgeGuard.Edge.Proxy;

/// <summary>
/// Sends a request to another destination of its cluster when the one that was chosen failed without an answer, where that is safe: nothing of it was sent, or it
/// has no body and asks for what may be done twice (RFC 9110 section 9.2.2). A destination that is merely slow is not given up.
/// </summary>
internal sealed class Failover(EdgeOptions options, IProxyStateLookup clusters) : IMetricSource
{
    private long _repeated;

    /// <summary>Inside the forwarder, before a destination is chosen.</summary>
    public Task RunAsync(HttpContext context, RequestDelegate next)
    {
        var proxy = context.GetReverseProxyFeature();
        var repeats = proxy.AvailableDestinations.Count < 2 ? 0 : options.Clusters.GetValueOrDefault(proxy.Cluster.Config.ClusterId)?.Retries ?? 0;
        return repeats > 0 ? RunAsync(context, proxy, repeats, next) : next(context);
    }

    private async Task RunAsync(HttpContext context, IReverseProxyFeature proxy, int repeats, RequestDelegate next)
    {
        var left = proxy.AvailableDestinations;
        while (true)
        {
            await next(context);
            if (repeats-- <= 0 || !MayRepeat(context))
            {
                return;
            }

            left = [.. left.Where(destination => !ReferenceEquals(destination, proxy.ProxiedDestination))];
            if (left.Count == 0)
            {
                return;
            }

            Interlocked.Increment(ref _repeated);
            context.Response.StatusCode = StatusCodes.Status200OK;
            context.Features.Set<IForwarderErrorFeature>(null);
            proxy.ProxiedDestination = null;
            proxy.AvailableDestinations = left;
        }
    }

    /// <inheritdoc />
    public void Write(MetricWriter writer)
    {
        writer.Single(
            "edgeguard_upstream_failovers_total",
            "counter",
            "Requests that were sent to another destination because one failed without an answer.",
            Interlocked.Read(ref _repeated));
        writer.Family("edgeguard_upstream_destinations", "gauge", "Destinations of a cluster by whether requests are sent to them.");
        foreach (var cluster in clusters.GetClusters().OrderBy(cluster => cluster.ClusterId, StringComparer.Ordinal))
        {
            var state = cluster.DestinationsState;
            var available = state.AllDestinations.Count(IsWell);
            writer.Sample(available, ("cluster", cluster.ClusterId), ("state", "available"));
            writer.Sample(state.AllDestinations.Count - available, ("cluster", cluster.ClusterId), ("state", "left_out"));
        }
    }

    private static bool IsWell(DestinationState destination) =>
        destination.Health is { Active: not DestinationHealth.Unhealthy, Passive: not DestinationHealth.Unhealthy };

    private static bool MayRepeat(HttpContext context)
    {
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested || context.GetForwarderErrorFeature() is not { Error: ForwarderError.Request } error)
        {
            return false;
        }

        var upload = context.Features.GetRequiredFeature<ForwardedRequest>().Upload;
        return upload is null ? WasNotSent(error) || IsRepeatable(context.Request.Method) : !upload.IsTouched && WasNotSent(error);
    }

    private static bool WasNotSent(IForwarderErrorFeature error) => error.Exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
    };

    private static bool IsRepeatable(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsPut(method) || HttpMethods.IsDelete(method);
}
