using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Rejections;
using EdgeGuard.Edge.Tracing;
using EdgeGuard.Engine.Decide;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace EdgeGuard.Edge.Proxy;

/// <summary>The reverse proxy's own steps around the forwarder: clean, decide, choose the cluster, and answer when the upstream cannot.</summary>
internal sealed class ProxyDoor(
    HeaderHygiene hygiene,
    ForwardingHeaders forwarding,
    DecisionPipeline pipeline,
    RejectionWriter rejections,
    RequestTracing tracing,
    IProxyStateLookup clusters)
{
    /// <summary>Decides, and lets an admitted request go on.</summary>
    public async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        // Read once: headers cleaned for one bundle and decided by the next could be counted as one caller and forwarded as another.
        var snapshot = pipeline.Current;
        hygiene.Clean(context, snapshot.Facts);
        var request = context.Request;
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var original = new OriginalRequest(request.Method, request.Host.Value ?? string.Empty, target);
        var decided = await pipeline.DecideAsync(context, snapshot, original, forwarding: true);
        if (!decided.Decision.IsAdmitted)
        {
            await rejections.WriteAsync(context, decided);
            return;
        }

        forwarding.Set(context);
        RequestTracing.Forward(request.Headers, decided.Trace);
        tracing.Tell(context.Response.Headers, decided.Trace);
        context.Features.Set(new ForwardedRequest(decided, WatchUpload(context)));
        await next(context);
        await AnswerFailure(context, decided);
    }

    /// <summary>Inside the forwarder: sends the request to the cluster that its policy names.</summary>
    public Task ChooseCluster(HttpContext context, RequestDelegate next)
    {
        var decided = context.Features.GetRequiredFeature<ForwardedRequest>().Decided;
        var policy = decided.Decision.MatchedPolicy;
        var name = policy == Decision.None ? null : decided.Snapshot.PolicyCluster(policy);
        if (name is null or ProxyConfiguration.DefaultCluster)
        {
            return next(context);
        }

        if (!clusters.TryGetCluster(name, out ClusterState? cluster))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        }

        context.ReassignProxyRequest(cluster);
        return next(context);
    }

    private static UploadWatch? WatchUpload(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
        {
            return null;
        }

        var watch = new UploadWatch(context.Request.Body);
        context.Request.Body = watch;
        return watch;
    }

    // The forwarder leaves a bare status when it could not reach the upstream, and 503 when there is no destination.
    private Task AnswerFailure(HttpContext context, in DecidedRequest decided)
    {
        var error = context.GetForwarderErrorFeature()?.Error;
        var failed = error is not null || (context.Features.Get<IReverseProxyFeature>()?.ProxiedDestination is null);
        if (!failed || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
        {
            return Task.CompletedTask;
        }

        if (error is ForwarderError.RequestBodyClient or ForwarderError.RequestBodyCanceled)
        {
            // The client's own doing (a body that breaks off or breaks the rules); the server has its answer for that.
            return Task.CompletedTask;
        }

        var timedOut = error is ForwarderError.RequestTimedOut or ForwarderError.UpgradeActivityTimeout;
        var status = timedOut ? StatusCodes.Status504GatewayTimeout : StatusCodes.Status502BadGateway;
        var failure = decided.Decision with
        {
            Verdict = Verdict.Reject,
            Reason = Reason.UpstreamUnavailable,
            Status = (short)status,
            RetryAfterSeconds = 0,
        };
        return rejections.WriteAsync(context, decided with { Decision = failure });
    }
}
