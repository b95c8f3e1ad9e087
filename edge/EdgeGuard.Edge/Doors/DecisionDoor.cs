using System.Globalization;
using EdgeGuard.Edge.Answers;
using EdgeGuard.Edge.Bounds;
using EdgeGuard.Edge.Debug;
using EdgeGuard.Edge.Exchanges;
using EdgeGuard.Edge.Explain;
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
    DebugHeaders debugHeaders)
{
    /// <summary>Handles one request of a decision listener.</summary>
    public async Task HandleAsync(HttpContext context)
    {
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

        debug.Enter(context, forwarding: false);
        var snapshot = pipeline.Current;
        if (preflights.Find(context, snapshot, original) is { } preflight)
        {
            AnswerPreflight(context, preflight);
            return;
        }

        if (bounds.Find(context, snapshot, original)?.Refusal is { } tooLarge)
        {
            await RefuseAsync(context, pipeline.Refuse(context, snapshot, original, tooLarge));
            return;
        }

        DecidedRequest decided;
        try
        {
            decided = await pipeline.DecideAsync(context, snapshot, original, forwarding: false);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The gateway has hung up while a token was verified or a body read.
            return;
        }

        if (!decided.Decision.IsAdmitted)
        {
            await RefuseAsync(context, decided);
        }
        else if (decided.Decision.DelayMilliseconds > 0 && DecisionRequests.Holds(context, options.Throttle.HoldDecisions))
        {
            await HoldAsync(context, original, decided);
        }
        else
        {
            await AdmitAsync(context, decided, decided.Decision.DelayMilliseconds);
        }
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

    private async Task HoldAsync(HttpContext context, OriginalRequest original, DecidedRequest decided)
    {
        var exchange = exchanges.Begin(context, original, decided);
        try
        {
            switch (await throttle.WaitAsync(decided.Decision.DelayMilliseconds, exchange.Stopped))
            {
                case ThrottleResult.Waited:
                    exchanges.Leave(exchange);
                    await AdmitAsync(context, decided, toldDelay: 0);
                    break;
                case ThrottleResult.Shed:
                    await RefuseLateAsync(context, decided with { Decision = ThrottleGate.Refusal(decided.Decision) });
                    break;
                default:
                    decided.Delivery?.Release();
                    if (exchange.IsKilled(out var kill))
                    {
                        await RefuseLateAsync(context, kill);
                    }

                    break;
            }
        }
        finally
        {
            exchanges.End(exchange);
        }
    }

    private Task AdmitAsync(HttpContext context, in DecidedRequest decided, int toldDelay)
    {
        if (!holds.TryHold(decided))
        {
            return RefuseLateAsync(context, decided with { Decision = ThrottleGate.Refusal(decided.Decision) });
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
        return Task.CompletedTask;
    }

    // Refuses what had been admitted.
    private Task RefuseLateAsync(HttpContext context, in DecidedRequest decided)
    {
        decided.Delivery?.Release();
        explain.RecordLate(decided, context.Door());
        return RefuseAsync(context, decided);
    }

    private Task RefuseAsync(HttpContext context, in DecidedRequest decided)
    {
        context.Response.Headers[rejections.DecisionHeader] = Verdicts.Name(Verdict.Reject);
        return rejections.WriteAsync(context, decided, DecisionRequests.DenyStatus(context));
    }
}
