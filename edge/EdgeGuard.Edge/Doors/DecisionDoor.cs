using System.Globalization;
using EdgeGuard.Edge.Answers;
using EdgeGuard.Edge.Bounds;
using EdgeGuard.Edge.Debug;
using EdgeGuard.Edge.Exchanges;
using EdgeGuard.Edge.Explain;
using EdgeGuard.Edge.Grpc;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Rejections;
using EdgeGuard.Edge.Throttling;
using EdgeGuard.Engine.Answers;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Doors;

/// <summary>
/// Answers gateways: 200 and nothing for an admitted request, the rejection itself otherwise. It does not see how the request goes on: what it holds
/// is given back after a time.
/// </summary>
internal sealed class DecisionDoor(
    EdgeOptions options,
    DecisionPipeline pipeline,
    DecisionSecret secret,
    RejectionWriter rejections,
    AdmittedHeaders admitted,
    ActiveExchanges exchanges,
    ThrottleGate throttle,
    HoldQueue holds,
    ExplainStore explain,
    Preflights preflights,
    RequestBounds bounds,
    DebugDoor debug,
    DebugHeaders debugHeaders,
    Lazy<GrpcDoor> grpc)
{
    /// <summary>Handles one request of a decision listener.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        if (GrpcDoor.Owns(context))
        {
            await grpc.Value.HandleAsync(context);
            return;
        }

        var isDebug = DebugDoor.Owns(context);
        var read = isDebug ? OriginalRequest.Malformed : DecisionRequests.Read(context);
        if (read is not { } original)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (!secret.IsKnown(new HttpContextHead(context)))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "EdgeGuard-Decision-Secret";
            return;
        }

        if (isDebug)
        {
            await debug.HandleAsync(context);
            return;
        }

        await DecideAsync(context, original, DecisionRequests.DenyStatus(context), DecisionRequests.Holds(context, options.Throttle.HoldDecisions));
    }

    /// <summary>Decides on a request that a gateway asks about, and answers.</summary>
    /// <param name="context">Carries headers, body and connection of the request, and takes the answer.</param>
    /// <param name="original">The request that is asked about.</param>
    /// <param name="deny">Status that the gateway wants for every refusal, or null.</param>
    /// <param name="hold">Whether a throttled request is held here instead of told to wait.</param>
    /// <returns>What was answered, or null when nobody is left to answer.</returns>
    public async Task<DecidedRequest?> DecideAsync(HttpContext context, OriginalRequest original, int? deny, bool hold)
    {
        debug.Enter(context, forwarding: false);
        var snapshot = pipeline.Current;
        if (preflights.Find(context, snapshot, original) is { } preflight)
        {
            AnswerPreflight(context, preflight);
            return null;
        }

        if (bounds.Find(context, snapshot, original)?.Refusal is { } tooLarge)
        {
            return await RefuseAsync(context, pipeline.Refuse(context, snapshot, original, tooLarge), deny);
        }

        DecidedRequest decided;
        try
        {
            decided = await pipeline.DecideAsync(context, snapshot, original, forwarding: false);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The gateway has hung up while a token was verified or a body read.
            return null;
        }

        if (!decided.Decision.IsAdmitted)
        {
            return await RefuseAsync(context, decided, deny);
        }

        return decided.Decision.DelayMilliseconds > 0 && hold
            ? await HoldAsync(context, original, decided, deny)
            : await AdmitAsync(context, decided, decided.Decision.DelayMilliseconds, deny);
    }

    // The gateway answers its client with these headers, or lets the service answer and adds them.
    private void AnswerPreflight(HttpContext context, AnswerFields fields)
    {
        var headers = context.Response.Headers;
        headers[rejections.DecisionHeader] = Verdicts.Name(Verdict.Allow);
        AnswerHeaders.Tell(headers, fields);
        headers.CacheControl = "no-store";
        context.Response.ContentLength = 0;
    }

    private async Task<DecidedRequest?> HoldAsync(HttpContext context, OriginalRequest original, DecidedRequest decided, int? deny)
    {
        var exchange = exchanges.Begin(context, original, decided);
        try
        {
            switch (await throttle.WaitAsync(decided.Decision.DelayMilliseconds, exchange.Stopped))
            {
                case ThrottleResult.Waited:
                    exchanges.Leave(exchange);
                    return await AdmitAsync(context, decided, toldDelay: 0, deny);
                case ThrottleResult.Shed:
                    return await RefuseLateAsync(context, decided with { Decision = ThrottleGate.Refusal(decided.Decision) }, deny);
                default:
                    decided.Delivery?.Release();
                    exchange.EndedByKill = exchange.IsKilled(out var kill);
                    return exchange.EndedByKill ? await RefuseLateAsync(context, kill, deny) : null;
            }
        }
        finally
        {
            exchanges.End(exchange);
        }
    }

    private async Task<DecidedRequest> AdmitAsync(HttpContext context, DecidedRequest decided, int toldDelay, int? deny)
    {
        if (!holds.TryHold(decided))
        {
            return await RefuseLateAsync(context, decided with { Decision = ThrottleGate.Refusal(decided.Decision) }, deny);
        }

        var headers = context.Response.Headers;
        headers[rejections.DecisionHeader] = Verdicts.Name(decided.Decision.Verdict);
        admitted.Set(headers, decided);
        AdmittedHeaders.TellIdentity(headers, decided);
        AdmittedHeaders.TellAnswer(headers, decided);
        if (toldDelay > 0)
        {
            throttle.CountTold(toldDelay);
            headers[admitted.DelayHeader] = toldDelay.ToString(CultureInfo.InvariantCulture);
        }

        headers.CacheControl = "no-store";
        debugHeaders.Tell(context, decided);
        context.Response.ContentLength = 0;
        return decided;
    }

    // Refuses what had been admitted.
    private Task<DecidedRequest> RefuseLateAsync(HttpContext context, in DecidedRequest decided, int? deny)
    {
        decided.Delivery?.Release();
        explain.RecordLate(decided, context.Door());
        return RefuseAsync(context, decided, deny);
    }

    private async Task<DecidedRequest> RefuseAsync(HttpContext context, DecidedRequest decided, int? deny)
    {
        context.Response.Headers[rejections.DecisionHeader] = Verdicts.Name(Verdict.Reject);
        await rejections.WriteAsync(context, decided, deny);
        return decided;
    }
}
