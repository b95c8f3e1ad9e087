using EdgeGuard.Edge.Answers;
using EdgeGuard.Edge.Debug;
using EdgeGuard.Edge.Llm;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Tracing;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Identity;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Rejections;

/// <summary>Answers a refused request: status, reason, when to come back, limits, and a problem as the body.</summary>
internal sealed class RejectionWriter(EdgeOptions options, RateLimitHeaders limits, RequestTracing tracing, DebugHeaders debug, Lazy<CallerVerifier> callers)
{
    private readonly string _reasonHeader = options.HeaderPrefix + "Reason";
    private readonly string _statusHeader = options.HeaderPrefix + "Status";
    private readonly string _decisionHeader = options.HeaderPrefix + "Decision";

    /// <summary>Name of the header that says what was decided, at decision doors.</summary>
    public string DecisionHeader => _decisionHeader;

    /// <summary>Answers.</summary>
    /// <param name="context">Request to answer; its response has not started.</param>
    /// <param name="decided">The rejection.</param>
    /// <param name="deny">Status that a gateway wants for every refusal, or null: then the true one is sent in a header.</param>
    public Task WriteAsync(HttpContext context, in DecidedRequest decided, int? deny = null)
    {
        var decision = decided.Decision;
        var response = context.Response;
        var headers = response.Headers;
        response.StatusCode = deny ?? decision.Status;
        headers[_reasonHeader] = Reasons.Name(decision.Reason);
        tracing.Tell(headers, decided.Trace);
        if (deny is not null)
        {
            headers[_statusHeader] = decision.Status.ToString();
        }

        var retryAfter = RetryAfter.Of(decided);
        if (retryAfter > 0)
        {
            headers.RetryAfter = retryAfter.ToString();
        }

        if (decided.Challenge is { } challenge)
        {
            headers.WWWAuthenticate = challenge;
            if (Challenge.WantsNonce(decided.Caller))
            {
                headers["DPoP-Nonce"] = callers.Value.DpopNonce;
            }
        }

        limits.Set(headers, decided);
        headers.CacheControl = "no-store";
        AnswerHeaders.Tell(headers, decided.Answer);
        debug.Tell(context, decided);
        var body = decided.Models is { } models
            ? NativeErrors.Write(models, decided, decision.Status, retryAfter)
            : ProblemBody.Write(decided, decision.Status, retryAfter);
        response.ContentType = decided.Models is null ? ProblemBody.ContentType : NativeErrors.ContentType;
        response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.BodyWriter.WriteAsync(body).AsTask();
    }
}
