using System.Globalization;
using System.Threading.RateLimiting;
using EdgeGuard.ControlPlane.Auth;

namespace EdgeGuard.ControlPlane.Hosting;

/// <summary>
/// How often one credential may call one endpoint in a minute: 60 unless the endpoint says otherwise, and how large a body may be.
/// The bound is per token and endpoint, so that a busy script never keeps anybody from a kill switch.
/// </summary>
internal static class RequestLimits
{
    /// <summary>Calls a minute of an endpoint that says nothing.</summary>
    public const int DefaultPerMinute = 60;

    /// <summary>Largest body of an endpoint that says nothing, in bytes.</summary>
    public const long DefaultBodyBytes = 256 * 1024;

    /// <summary>Adds the limiter.</summary>
    public static IServiceCollection AddRequestLimits(this IServiceCollection services) => services.AddRateLimiter(options =>
    {
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
        {
            var endpoint = http.GetEndpoint() as RouteEndpoint;
            var perMinute = endpoint?.Metadata.GetMetadata<CallsPerMinute>()?.Permits ?? DefaultPerMinute;
            var key = $"{http.RequestServices.GetRequiredService<Caller>().Credential.TokenId} {endpoint?.DisplayName}";
            return RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = perMinute,
                Window = TimeSpan.FromMinutes(1),
                QueueLimit = 0,
            });
        });
        options.OnRejected = static async (context, _) =>
        {
            var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromMinutes(1);
            context.HttpContext.Response.Headers.RetryAfter =
                Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            await Problems.WriteAsync(context.HttpContext, StatusCodes.Status429TooManyRequests, ControlPlaneCodes.TooManyRequests,
                "Too many requests", "This credential called this endpoint too often. Wait for the time in Retry-After.");
        };
    });

    /// <summary>Declares what an endpoint does, and bounds it.</summary>
    public static RouteHandlerBuilder Guard(
        this RouteHandlerBuilder endpoint, ApiAction action, int perMinute = DefaultPerMinute, long bodyBytes = DefaultBodyBytes) =>
        endpoint.WithMetadata(new EndpointAccess(action), new CallsPerMinute(perMinute), new BodyLimit(bodyBytes));
}
