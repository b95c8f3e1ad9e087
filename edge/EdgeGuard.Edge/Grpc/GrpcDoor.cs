using System.Globalization;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Pipeline;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGuard.Edge.Grpc;

/// <summary>
/// gRPC on the decision listeners that speak HTTP/2: Envoy's external authorization and rate limit services, health, and reflection. Served by hand
/// (ADR 0070): five methods, three of them with one message each way.
/// </summary>
internal sealed class GrpcDoor(
    DecisionSecret secret, AuthorizationService authorization, RateLimitService rateLimits, HealthService health, ReflectionService reflection)
{
    private const string ContentType = "application/grpc";

    /// <summary>Whether a request is a call of gRPC.</summary>
    public static bool Owns(HttpContext context) =>
        HttpProtocol.IsHttp2(context.Request.Protocol) && context.Request.ContentType is { } type && type.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase);

    /// <summary>Answers a call.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        // "application/grpc+proto" is the same; JSON and the form for browsers are not spoken.
        if (context.Request.ContentType is not (ContentType or ContentType + "+proto"))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        context.Response.ContentType = ContentType;
        try
        {
            if (!HttpMethods.IsPost(context.Request.Method))
            {
                throw new GrpcException(GrpcStatus.Unimplemented, "calls are POST");
            }

            await CallAsync(context);
            Trail(context, GrpcStatus.Ok, null);
        }
        catch (GrpcException failure)
        {
            Trail(context, failure.Status, failure.Message);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The caller has hung up: nobody is left to answer.
        }
    }

    private Task CallAsync(HttpContext context)
    {
        var path = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (path == HealthService.Path)
        {
            return health.CheckAsync(context);
        }

        if (path == HealthService.WatchPath)
        {
            return health.WatchAsync(context);
        }

        if (!secret.IsKnown(new HttpContextHead(context)))
        {
            throw new GrpcException(GrpcStatus.Unauthenticated, "the decision secret is missing or wrong");
        }

        return path switch
        {
            AuthorizationService.Path => authorization.CheckAsync(context),
            RateLimitService.Path => rateLimits.ShouldRateLimitAsync(context),
            ReflectionService.Path or ReflectionService.AlphaPath => reflection.AnswerAsync(context),
            _ => throw new GrpcException(GrpcStatus.Unimplemented, "there is no such method here"),
        };
    }

    // Without a message the status comes in the headers, and nothing follows ("Trailers-Only").
    private static void Trail(HttpContext context, GrpcStatus status, string? message)
    {
        var response = context.Response;
        var code = ((int)status).ToString(CultureInfo.InvariantCulture);
        if (!response.HasStarted && status != GrpcStatus.Ok)
        {
            response.Headers.GrpcStatus = code;
            response.Headers.GrpcMessage = message;
            return;
        }

        response.AppendTrailer("grpc-status", code);
        if (message is not null)
        {
            response.AppendTrailer("grpc-message", message);
        }
    }
}
