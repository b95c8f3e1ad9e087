using EdgeGuard.Edge.Metrics;

namespace EdgeGuard.Edge.Probes;

/// <summary>Answers <c>/livez</c>, <c>/readyz</c> and <c>/metrics</c>, and nothing else. Read-only.</summary>
internal sealed class ProbesDoor(ReadinessReport readiness, MetricsPage metrics)
{
    /// <summary>Handles one request of the probes listener.</summary>
    public Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD";
            return Task.CompletedTask;
        }

        switch (request.Path.Value)
        {
            case "/livez":
                return Answer(context, StatusCodes.Status200OK, "text/plain; charset=utf-8", "ok\n"u8.ToArray());
            case "/readyz":
                var reasons = readiness.Reasons();
                var status = reasons.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
                return Answer(context, status, "application/json", readiness.Write(reasons));
            case "/metrics":
                return AnswerMetrics(context);
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
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
