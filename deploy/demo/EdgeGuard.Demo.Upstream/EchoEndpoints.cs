using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace EdgeGuard.Demo.Upstream;

/// <summary>What the demo upstream answers.</summary>
internal static class EchoEndpoints
{
    /// <summary>Longest wait and most events that a caller may ask for.</summary>
    private const int MaxMilliseconds = 60_000;
    private const int MaxEvents = 1_000;

    /// <summary>JSON with method, target, path, query, headers and the length of the body; with a Content-Length.</summary>
    public static async Task Echo(HttpContext context) => await Write(context, StatusCodes.Status200OK, chunked: false);

    /// <summary>The same, chunked.</summary>
    public static async Task Chunked(HttpContext context) => await Write(context, StatusCodes.Status200OK, chunked: true);

    /// <summary>The same, with the status asked for (200 to 599).</summary>
    public static async Task Status(HttpContext context, int code) =>
        await Write(context, Math.Clamp(code, StatusCodes.Status200OK, 599), chunked: false);

    /// <summary>The same, after <c>ms</c> milliseconds.</summary>
    public static async Task Slow(HttpContext context)
    {
        var wait = Math.Clamp(Number(context, "ms", 1000), 0, MaxMilliseconds);
        await Task.Delay(TimeSpan.FromMilliseconds(wait), TimeProvider.System, context.RequestAborted);
        await Write(context, StatusCodes.Status200OK, chunked: false);
    }

    /// <summary><c>count</c> server-sent events (10 by default), one each <c>ms</c> milliseconds (100 by default).</summary>
    public static async Task Events(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        var wait = TimeSpan.FromMilliseconds(Math.Clamp(Number(context, "ms", 100), 0, MaxMilliseconds));
        var count = Math.Clamp(Number(context, "count", 10), 0, MaxEvents);
        for (var i = 1; i <= count; i++)
        {
            await context.Response.WriteAsync($"id: {i}\ndata: {{\"n\":{i}}}\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(wait, TimeProvider.System, context.RequestAborted);
        }
    }

    // A demonstration is looked at over shoulders: credentials are not echoed.
    private static string?[] Shown(string name, StringValues values) =>
        name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || name.Equals("Cookie", StringComparison.OrdinalIgnoreCase)
            ? ["***"]
            : values.ToArray();

    private static int Number(HttpContext context, string name, int otherwise) =>
        int.TryParse(context.Request.Query[name], out var value) ? value : otherwise;

    private static async Task Write(HttpContext context, int status, bool chunked)
    {
        var request = context.Request;
        var body = new MemoryStream();
        await request.Body.CopyToAsync(body, context.RequestAborted);
        var seen = JsonSerializer.SerializeToUtf8Bytes(new
        {
            method = request.Method,
            target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            path = request.Path.Value,
            query = request.QueryString.Value,
            headers = request.Headers.OrderBy(header => header.Key, StringComparer.OrdinalIgnoreCase)
                .ToDictionary(header => header.Key, header => Shown(header.Key, header.Value), StringComparer.Ordinal),
            bodyBytes = body.Length,
        });
        context.Response.StatusCode = status;
        if (status is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified)
        {
            return;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = chunked ? null : seen.Length;
        if (!HttpMethods.IsHead(request.Method))
        {
            await context.Response.Body.WriteAsync(seen, context.RequestAborted);
        }
    }
}
