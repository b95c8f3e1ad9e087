using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Answers;
using EdgeGuard.Edge.Bounds;
using EdgeGuard.Edge.Debug;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Exchanges;
using EdgeGuard.Edge.Explain;
using EdgeGuard.Edge.Llm;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Rejections;
using EdgeGuard.Edge.Throttling;
using EdgeGuard.Edge.Tracing;
using EdgeGuard.Engine.Decide;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace EdgeGuard.Edge.Proxy;

/// <summary>
/// The reverse proxy's own steps around the forwarder: clean, decide, delay, choose the cluster, and answer when the upstream cannot. Whatever happens,
/// an admitted request is told to have ended.
/// </summary>
internal sealed class ProxyDoor(
    HeaderHygiene hygiene,
    ForwardingHeaders forwarding,
    DecisionPipeline pipeline,
    RejectionWriter rejections,
    AdmittedHeaders admitted,
    ActiveExchanges exchanges,
    ThrottleGate throttle,
    Preflights preflights,
    RequestBounds bounds,
    DebugDoor debug,
    ModelForwarding models,
    ExplainStore explain,
    IProxyStateLookup clusters)
{
    /// <summary>Decides, and lets an admitted request go on.</summary>
    public async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        if (DebugDoor.Owns(context))
        {
            await debug.HandleAsync(context);
            return;
        }

        debug.Enter(context, forwarding: true);

        // Read once: headers cleaned for one bundle and decided by the next could be counted as one caller and forwarded as another.
        var snapshot = pipeline.Current;
        var request = context.Request;
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var original = MethodOf(context) is { } method ? new OriginalRequest(method, request.Host.Value ?? string.Empty, target) : OriginalRequest.Malformed;
        if (IsRpc(request))
        {
            AllowSilence(context);
        }

        var bounded = bounds.Find(context, snapshot, original);
        hygiene.Clean(context, snapshot);
        if (preflights.Find(context, snapshot, original) is { } preflight)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            AnswerHeaders.Tell(context.Response.Headers, preflight);
            return;
        }

        if (bounded?.Refusal is { } tooLarge)
        {
            await rejections.WriteAsync(context, pipeline.Refuse(context, snapshot, original, tooLarge));
            return;
        }

        DecidedRequest decided;
        try
        {
            decided = await pipeline.DecideAsync(context, snapshot, original, forwarding: true);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // Gone while its token was verified or its body read: there is nobody to answer, and nothing was taken.
            return;
        }

        if (!decided.Decision.IsAdmitted)
        {
            await rejections.WriteAsync(context, decided);
            return;
        }

        var exchange = exchanges.Begin(context, original, decided);
        try
        {
            context.RequestAborted = exchange.Stopped;
            if (await MayGoOnAsync(context, exchange))
            {
                await ForwardAsync(context, exchange, bounded?.Limits, next);
            }
        }
        finally
        {
            exchanges.End(exchange);
            ReleaseUndelivered(context, exchange);
        }
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

    // A WebSocket over HTTP/2 (RFC 8441 section 5) is what a GET with Upgrade is over HTTP/1.1, and policies know it as that. Null for other protocols in such a tunnel.
    private static string? MethodOf(HttpContext context) => context.Features.Get<IHttpExtendedConnectFeature>() switch
    {
        { IsExtendedConnect: true, Protocol: "websocket" } => HttpMethods.Get,
        { IsExtendedConnect: true } => null,
        _ => context.Request.Method,
    };

    private static bool IsRpc(HttpRequest request) =>
        HttpProtocol.IsHttp2(request.Protocol) && request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    // A stream of calls may be silent for as long as it likes; the connection's own limits hold all the same.
    private static void AllowSilence(HttpContext context)
    {
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    // A webhook's delivery that the upstream did not take is sent again by its provider, and must pass then.
    private static void ReleaseUndelivered(HttpContext context, Exchange exchange)
    {
        if (exchange.Decided.Delivery is { } delivery && !(exchange.UpstreamAnswered && context.Response.StatusCode < StatusCodes.Status400BadRequest))
        {
            delivery.Release();
        }
    }

    // A throttled request waits here. False when it has been answered, or nobody is left to answer.
    private async Task<bool> MayGoOnAsync(HttpContext context, Exchange exchange)
    {
        var delay = exchange.Decided.Decision.DelayMilliseconds;
        if (delay <= 0)
        {
            // Not forwarded if a kill switch or the client's leaving is known already.
            return !exchange.Stopped.IsCancellationRequested || await RefuseStoppedAsync(context, exchange);
        }

        switch (await throttle.WaitAsync(delay, exchange.Stopped))
        {
            case ThrottleResult.Waited:
                return true;
            case ThrottleResult.Shed:
                await RefuseAsync(context, exchange.Decided, ThrottleGate.Refusal(exchange.Decided.Decision));
                return false;
            default:
                return await RefuseStoppedAsync(context, exchange);
        }
    }

    private async Task<bool> RefuseStoppedAsync(HttpContext context, Exchange exchange)
    {
        await AnswerKillAsync(context, exchange);
        return false;
    }

    private async Task ForwardAsync(HttpContext context, Exchange exchange, RequestLimitsDefinition? limits, RequestDelegate next)
    {
        forwarding.Set(context);
        RequestTracing.Forward(context.Request.Headers, exchange.Decided.Trace);
        foreach (var (name, value) in exchange.Decided.Identity)
        {
            context.Request.Headers[name] = value;
        }

        var target = models.Prepare(context, exchange);
        var upload = WatchUpload(context, limits?.MaxBodyBytes ?? long.MaxValue);
        context.Features.Set(new ForwardedRequest(exchange, upload, target, limits?.Timeout));
        exchanges.Forward(exchange);
        await next(context);
        if (!exchange.UpstreamAnswered && !context.Response.HasStarted)
        {
            // Otherwise they stand in the upstream's answer already.
            admitted.Set(context.Response.Headers, exchange.Decided);
        }

        exchange.Outcome = ForwardOutcome.Of(context, exchange);
        if (!await AnswerKillAsync(context, exchange) && !await AnswerTooLargeAsync(context, exchange, upload))
        {
            await AnswerFailureAsync(context, exchange);
        }
    }

    private static UploadWatch? WatchUpload(HttpContext context, long maxBytes)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
        {
            return null;
        }

        var watch = new UploadWatch(context.Request.Body, maxBytes);
        context.Request.Body = watch;
        return watch;
    }

    // True when a kill switch has ended the exchange: then it is refused, or cut off when the answer has begun.
    private async Task<bool> AnswerKillAsync(HttpContext context, Exchange exchange)
    {
        if (!exchange.IsKilled(out var kill) || IsWhole(exchange.Outcome))
        {
            return false;
        }

        // Also when nobody is left to be told: the forwarder aborts the client itself when it is stopped in the middle of an answer.
        exchange.EndedByKill = true;
        if (exchange.ClientGone.IsCancellationRequested)
        {
            return false;
        }

        if (context.Response.HasStarted)
        {
            context.Abort();
        }
        else
        {
            context.Response.Clear();
            await RefuseAsync(context, kill, kill.Decision);
        }

        return true;
    }

    // All has been passed on: a switch that comes now is too late, and cutting the connection off would take from the client what it has been allowed.
    private static bool IsWhole(ExchangeOutcome outcome) =>
        outcome is ExchangeOutcome.Answered or ExchangeOutcome.Failed or ExchangeOutcome.Overloaded or ExchangeOutcome.Cut or ExchangeOutcome.Upgraded;

    // A body of unknown length that turned out too long while it was forwarded: the upstream has not got its end, and the client hears why.
    private async ValueTask<bool> AnswerTooLargeAsync(HttpContext context, Exchange exchange, UploadWatch? upload)
    {
        if (upload is not { IsTooLarge: true } || exchange.ClientGone.IsCancellationRequested)
        {
            return false;
        }

        if (context.Response.HasStarted)
        {
            context.Abort();
        }
        else
        {
            context.Response.Clear();
            await RefuseAsync(context, exchange.Decided, exchange.Decided.Decision with
            {
                Verdict = Verdict.Reject,
                Reason = Reason.TooLarge,
                Status = StatusCodes.Status413PayloadTooLarge,
                RetryAfterSeconds = 0,
            });
        }

        return true;
    }

    // The forwarder leaves a bare status when it could not reach the upstream, and 503 when there is no destination.
    private Task AnswerFailureAsync(HttpContext context, Exchange exchange)
    {
        var error = context.GetForwarderErrorFeature()?.Error;
        var failed = error is not null || exchange.StreamOutcome == ExchangeOutcome.Unreadable || (context.Features.Get<IReverseProxyFeature>()?.ProxiedDestination is null);
        if (!failed || context.Response.HasStarted || exchange.ClientGone.IsCancellationRequested)
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
        return RefuseAsync(context, exchange.Decided, exchange.Decided.Decision with
        {
            Verdict = Verdict.Reject,
            Reason = Reason.UpstreamUnavailable,
            Status = (short)status,
            RetryAfterSeconds = 0,
        });
    }

    // Refuses what had been admitted.
    private Task RefuseAsync(HttpContext context, in DecidedRequest decided, in Decision refusal)
    {
        var refused = decided with { Decision = refusal };
        explain.RecordLate(refused, context.Door());
        return rejections.WriteAsync(context, refused);
    }
}
