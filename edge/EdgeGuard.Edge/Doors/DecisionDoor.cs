using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Rejections;
using EdgeGuard.Edge.Tracing;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Doors;

/// <summary>Answers gateways: 200 and nothing for an allow, the rejection itself otherwise.</summary>
internal sealed class DecisionDoor(
    EdgeOptions options, DecisionPipeline pipeline, RejectionWriter rejections, RateLimitHeaders limits, RequestTracing tracing)
{
    public const string SecretHeader = "X-EdgeGuard-Decision-Secret";

    // Compared by hash, so that neither time nor length tells anything of the secret.
    private readonly byte[]? _secret = options.DecisionSharedSecret is { } secret ? SHA256.HashData(Encoding.UTF8.GetBytes(secret.Reveal())) : null;

    /// <summary>Handles one request of a decision listener.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        if (DecisionRequests.Read(context) is not { } original)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (!IsCallerKnown(context))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "EdgeGuard-Decision-Secret";
            return;
        }

        var decided = await pipeline.DecideAsync(context, pipeline.Current, original, forwarding: false);
        if (decided.Decision.IsAdmitted)
        {
            var headers = context.Response.Headers;
            headers[rejections.DecisionHeader] = Verdicts.Name(decided.Decision.Verdict);
            tracing.Tell(headers, decided.Trace);
            limits.Set(headers, decided);
            headers.CacheControl = "no-store";
            context.Response.ContentLength = 0;
            return;
        }

        context.Response.Headers[rejections.DecisionHeader] = "reject";
        await rejections.WriteAsync(context, decided, DecisionRequests.DenyStatus(context));
    }

    private bool IsCallerKnown(HttpContext context)
    {
        if (_secret is null)
        {
            return true;
        }

        var presented = context.Request.Headers[SecretHeader];
        return presented.Count == 1
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(presented[0] ?? string.Empty)), _secret);
    }
}
