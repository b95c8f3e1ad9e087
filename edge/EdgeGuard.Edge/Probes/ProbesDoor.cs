using EdgeGuard.Edge.Metrics;

namespace EdgeGuard.Edge.Probes;

/// <summary>Answers <c>/livez</c>, <c>/readyz</c> and <c>/metrics</c>, and nothing else. Read-only.</summary>
internal sealed class ProbesDoor(ReadinessReport readiness, ProbeRunner probes, MetricsPage metrics)
{
    /// <summary>Handles one request of the probes listener.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD";
            return;
        }

        switch (request.Path.Value)
        {
            case "/livez":
                await Answer(context, StatusCodes.Status200OK, "text/plain; charset=utf-8", "ok\n"u8.ToArray());
                break;
            case "/readyz":
                var failed = await probes.AskAsync();
                var reasons = readiness.Reasons(failed);
                var status = reasons.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
                await Answer(context, status, "application/json", readiness.Write(reasons, failed));
                break;
            case "/metrics":
                await AnswerMetrics(context);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private async Task AnswerMetrics(HttpContext context)
    {
        using var page = new MetricWriter();
        metrics.Write(page);
        await Answer(context, StatusCodes.Status200OK, MetricsPage.ContentType, page.Written);
    }

    private static Task Answer(HttpContext context, int status, string type, ReadOnlyMemory<byte> body)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = type;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body).AsTask();
    }
}
