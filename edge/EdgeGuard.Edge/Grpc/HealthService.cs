using EdgeGuard.Edge.Grpc.Health;
using EdgeGuard.Edge.Probes;

namespace EdgeGuard.Edge.Grpc;

/// <summary><c>grpc.health.v1.Health</c>: serving while the edge is ready, as <c>/readyz</c> says. Wants no secret, since it tells nothing else.</summary>
internal sealed class HealthService(ReadinessReport readiness, ProbeRunner probes)
{
    public const string Path = "/grpc.health.v1.Health/Check";

    public async Task CheckAsync(HttpContext context)
    {
        var request = await GrpcCall.ReadAsync(context, HealthCheckRequest.Parser);
        if (request.Service.Length > 0 && !GrpcServices.Names.Contains(request.Service))
        {
            throw new GrpcException(GrpcStatus.NotFound, "there is no such service here");
        }

        var status = readiness.Reasons(await probes.FailedAsync()).Count == 0 ? HealthCheckResponse.Types.ServingStatus.Serving : HealthCheckResponse.Types.ServingStatus.NotServing;
        await GrpcCall.WriteAsync(context, new HealthCheckResponse { Status = status });
    }
}
