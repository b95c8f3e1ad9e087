using EdgeGuard.Edge.Grpc.Health;
using EdgeGuard.Edge.Probes;
using EdgeGuard.Edge.Takeover;
using ServingStatus = EdgeGuard.Edge.Grpc.Health.HealthCheckResponse.Types.ServingStatus;

namespace EdgeGuard.Edge.Grpc;

/// <summary><c>grpc.health.v1.Health</c>: serving while the edge is ready, as <c>/readyz</c> says. Wants no secret, since it tells nothing else.</summary>
internal sealed class HealthService(ReadinessReport readiness, ProbeRunner probes, SharedListeners listeners, IHostApplicationLifetime lifetime, TimeProvider time)
{
    public const string Path = "/grpc.health.v1.Health/Check";
    public const string WatchPath = "/grpc.health.v1.Health/Watch";

    /// <summary>Most that may watch at the same time: nobody needs a secret for it.</summary>
    public const int MaxWatchers = 100;

    /// <summary>How often readiness is looked at for those who watch.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private int _watchers;

    /// <summary>Tells the status now.</summary>
    public async Task CheckAsync(HttpContext context)
    {
        var request = await GrpcCall.ReadAsync(context, HealthCheckRequest.Parser);
        if (!IsKnown(request.Service))
        {
            throw new GrpcException(GrpcStatus.NotFound, "there is no such service here");
        }

        await GrpcCall.WriteAsync(context, new HealthCheckResponse { Status = await StatusAsync() });
    }

    /// <summary>
    /// Tells the status now and whenever it has changed, until the caller goes away or the edge stops. As the protocol wants it, a service that is not known is
    /// watched too: it might come.
    /// </summary>
    public async Task WatchAsync(HttpContext context)
    {
        var request = await GrpcCall.ReadAsync(context, HealthCheckRequest.Parser);
        if (Interlocked.Increment(ref _watchers) > MaxWatchers)
        {
            Interlocked.Decrement(ref _watchers);
            throw new GrpcException(GrpcStatus.ResourceExhausted, $"more than {MaxWatchers} calls watch already");
        }

        try
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, context.RequestAborted);
            await TellChangesAsync(context, IsKnown(request.Service), end.Token);
        }
        finally
        {
            Interlocked.Decrement(ref _watchers);
        }
    }

    private async Task TellChangesAsync(HttpContext context, bool isKnown, CancellationToken end)
    {
        var told = ServingStatus.Unknown;
        while (!end.IsCancellationRequested && !listeners.IsPaused)
        {
            var status = isKnown ? await StatusAsync() : ServingStatus.ServiceUnknown;
            if (status != told)
            {
                told = status;
                await GrpcCall.WriteAsync(context, new HealthCheckResponse { Status = status });
            }

            await Task.Delay(Look, time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        context.RequestAborted.ThrowIfCancellationRequested();
        if (isKnown && told != ServingStatus.NotServing)
        {
            await GrpcCall.WriteAsync(context, new HealthCheckResponse { Status = ServingStatus.NotServing });
        }

        throw new GrpcException(GrpcStatus.Unavailable, "the edge stops");
    }

    private static bool IsKnown(string service) => service.Length == 0 || GrpcServices.Names.Contains(service);

    private async ValueTask<ServingStatus> StatusAsync() => readiness.Reasons(await probes.AskAsync()).Count == 0 ? ServingStatus.Serving : ServingStatus.NotServing;
}
