using System.Text;
using EdgeGuard.Edge.Metrics;
using EdgeGuard.Edge.Pipeline;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGuard.Edge.Debug;

/// <summary>
/// Opens and ends debug sessions, at the proxy and at the decision doors: <c>POST /v1/debug/session</c> with the secret in a header, and
/// <c>POST /v1/debug/logout</c>.
/// </summary>
internal sealed class DebugDoor(DebugSessions sessions, ClientAddressReader addresses, DebugMetrics metrics)
{
    private const string SessionPath = "/v1/debug/session";
    private const string LogoutPath = "/v1/debug/logout";

    /// <summary>Whether a request is for one of the two addresses, whatever its query.</summary>
    public static bool Owns(HttpContext context) => Owns(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);

    /// <summary>Whether a target is one of the two addresses, whatever its query.</summary>
    public static bool Owns(ReadOnlySpan<char> target)
    {
        var query = target.IndexOf('?');
        var path = query < 0 ? target : target[..query];
        return path.SequenceEqual(SessionPath) || path.SequenceEqual(LogoutPath);
    }

    /// <summary>Answers a request to one of its addresses.</summary>
    public Task HandleAsync(HttpContext context)
    {
        var response = context.Response;
        response.Headers.CacheControl = "no-store";
        if (!sessions.IsEnabled)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        if (!HttpMethods.IsPost(context.Request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = HttpMethods.Post;
            return Task.CompletedTask;
        }

        return context.Request.Path.Value == LogoutPath ? LogOutAsync(context) : LogInAsync(context);
    }

    /// <summary>
    /// Takes note whether a request belongs to an open session. What carries the session is for the edge only: for the way to an upstream the cookie is taken
    /// out, good or not; the header with the secret goes with all of our prefix.
    /// </summary>
    public void Enter(HttpContext context, bool forwarding)
    {
        if (!sessions.IsEnabled)
        {
            return;
        }

        if (sessions.IsOpen(context.Request.Headers))
        {
            context.Features.Set(DebugSession.Open);
        }

        if (forwarding)
        {
            CookieJar.Remove(context.Request.Headers, sessions.CookieName);
        }
    }

    private Task LogInAsync(HttpContext context)
    {
        var wait = sessions.WaitBeforeTrying(addresses.Read(context));
        if (wait > 0)
        {
            metrics.Count(DebugMetrics.Limited);
            context.Response.Headers.RetryAfter = wait.ToString();
            return RefuseAsync(context, StatusCodes.Status429TooManyRequests, "debug_attempts_exceeded");
        }

        var presented = context.Request.Headers[sessions.SecretHeader];
        if (sessions.Open(presented.Count == 1 ? presented[0] : null) is not { } cookie)
        {
            metrics.Count(DebugMetrics.Refused);
            return RefuseAsync(context, StatusCodes.Status403Forbidden, "debug_secret_invalid");
        }

        metrics.Count(DebugMetrics.Opened);
        SetCookie(context, cookie, (int)DebugCookie.Lifetime.TotalSeconds);
        return Task.CompletedTask;
    }

    private Task LogOutAsync(HttpContext context)
    {
        if (sessions.End(context.Request.Headers))
        {
            metrics.Count(DebugMetrics.Ended);
        }

        SetCookie(context, string.Empty, 0);
        return Task.CompletedTask;
    }

    private void SetCookie(HttpContext context, string value, int seconds)
    {
        var secure = IsSecure(context) ? "; Secure" : string.Empty;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        context.Response.Headers.SetCookie = $"{sessions.CookieName}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}";
    }

    // TLS may end at a trusted proxy in front.
    private bool IsSecure(HttpContext context) => context.Request.IsHttps
        || (addresses.Proxies.TrustsPeer(context.Connection.RemoteIpAddress) && context.Request.Headers["X-Forwarded-Proto"] is ["https"]);

    private static Task RefuseAsync(HttpContext context, int status, string error)
    {
        var body = Encoding.ASCII.GetBytes($$"""{"error":"{{error}}"}""");
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
