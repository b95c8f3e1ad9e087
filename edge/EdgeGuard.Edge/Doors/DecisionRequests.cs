using EdgeGuard.Edge.Pipeline;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace EdgeGuard.Edge.Doors;

/// <summary>Reads, for each kind of gateway, the request that a decision is asked for.</summary>
internal static class DecisionRequests
{
    public const string Original = "/v1/decision";
    public const string Forwarded = "/v1/decision/forwarded";
    public const string Envoy = "/v1/decision/envoy";

    /// <summary>Reads the original request; null when the path is no decision door, <see cref="OriginalRequest.Malformed"/> when it is incomplete.</summary>
    public static OriginalRequest? Read(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var query = target.IndexOf('?');
        var path = query < 0 ? target.AsSpan() : target.AsSpan(0, query);
        if (path.SequenceEqual(Original))
        {
            return FromHeaders(context.Request.Headers, "X-Original-Method", "X-Original-URI", "X-Original-Host");
        }

        if (path.SequenceEqual(Forwarded))
        {
            return FromHeaders(context.Request.Headers, "X-Forwarded-Method", "X-Forwarded-Uri", "X-Forwarded-Host");
        }

        // Envoy puts its path_prefix before the client's own request line, so method, host and query are the client's as well.
        return path.StartsWith(Envoy + "/", StringComparison.Ordinal)
            ? new OriginalRequest(context.Request.Method, context.Request.Host.Value ?? string.Empty, target[Envoy.Length..])
            : null;
    }

    /// <summary>
    /// Status that the gateway wants for every refusal (<c>?deny=403</c>), or null. Not at the Envoy door, whose query is the client's.
    /// </summary>
    public static int? DenyStatus(HttpContext context) =>
        !context.Request.Path.StartsWithSegments(Envoy, StringComparison.Ordinal) && context.Request.Query["deny"] is ["403"] ? StatusCodes.Status403Forbidden : null;

    /// <summary>Whether a throttled request is held here (<c>?throttle=hold</c>) instead of told to wait (<c>?throttle=tell</c>).</summary>
    /// <param name="context">Request of the gateway.</param>
    /// <param name="otherwise">What the options say, for a request that says nothing.</param>
    public static bool Holds(HttpContext context, bool otherwise)
    {
        if (context.Request.Path.StartsWithSegments(Envoy, StringComparison.Ordinal))
        {
            return otherwise;
        }

        return context.Request.Query["throttle"] switch
        {
            ["hold"] => true,
            ["tell"] => false,
            _ => otherwise,
        };
    }

    // A repeated header means that somebody other than the gateway wrote one of them, and there is no telling which.
    private static OriginalRequest FromHeaders(IHeaderDictionary headers, string method, string target, string host) =>
        TryOne(headers[method], out var methodText) && TryOne(headers[target], out var targetText) && TryOne(headers[host], out var hostText)
            ? new OriginalRequest(methodText, hostText, targetText)
            : OriginalRequest.Malformed;

    private static bool TryOne(StringValues values, out string value)
    {
        value = values.Count == 1 ? values[0] ?? string.Empty : string.Empty;
        return value.Length > 0;
    }
}
