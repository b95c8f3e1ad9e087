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

    /// <summary>What the path of the Envoy door begins with.</summary>
    public const string EnvoyPrefix = Envoy + "/";

    private static readonly (string Method, string Target, string Host) OriginalHeaders = ("X-Original-Method", "X-Original-URI", "X-Original-Host");
    private static readonly (string Method, string Target, string Host) ForwardedHeaders = ("X-Forwarded-Method", "X-Forwarded-Uri", "X-Forwarded-Host");

    /// <summary>Reads the original request; null when the path is no decision door, <see cref="OriginalRequest.Malformed"/> when it is incomplete.</summary>
    public static OriginalRequest? Read(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var query = target.IndexOf('?');
        var path = query < 0 ? target.AsSpan() : target.AsSpan(0, query);
        if (path.SequenceEqual(Original))
        {
            return FromHeaders(context.Request.Headers, OriginalHeaders);
        }

        if (path.SequenceEqual(Forwarded))
        {
            return FromHeaders(context.Request.Headers, ForwardedHeaders);
        }

        // Envoy puts its path_prefix before the client's own request line, so method, host and query are the client's as well.
        return path.StartsWith(EnvoyPrefix, StringComparison.Ordinal)
            ? new OriginalRequest(context.Request.Method, context.Request.Host.Value ?? string.Empty, target[Envoy.Length..])
            : null;
    }

    /// <summary>As <see cref="Read"/>, for the doors that are told of the original request in headers; false for any other path.</summary>
    public static bool TryRead<THead>(in THead head, ReadOnlySpan<char> path, out RequestLine line)
        where THead : IRequestHead
    {
        line = default;
        if (!path.SequenceEqual(Original) && !path.SequenceEqual(Forwarded))
        {
            return false;
        }

        var (method, target, host) = path.Length == Original.Length ? OriginalHeaders : ForwardedHeaders;
        if (TryOne(head, method, out var methodText) && TryOne(head, target, out var targetText) && TryOne(head, host, out var hostText))
        {
            line = new RequestLine(methodText, hostText, targetText);
        }

        return true;
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
    private static OriginalRequest FromHeaders(IHeaderDictionary headers, (string Method, string Target, string Host) names) =>
        TryOne(headers[names.Method], out var methodText) && TryOne(headers[names.Target], out var targetText) && TryOne(headers[names.Host], out var hostText)
            ? new OriginalRequest(methodText, hostText, targetText)
            : OriginalRequest.Malformed;

    private static bool TryOne<THead>(in THead head, string name, out ReadOnlySpan<char> value)
        where THead : IRequestHead
    {
        value = head.CountOf(name) == 1 ? head.LineOf(name, 0) : default;
        return !value.IsEmpty;
    }

    private static bool TryOne(StringValues values, out string value)
    {
        value = values.Count == 1 ? values[0] ?? string.Empty : string.Empty;
        return value.Length > 0;
    }
}
