using System.Net;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Bodies;
using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Debug;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Explain;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Metrics;
using EdgeGuard.Edge.Telemetry;
using EdgeGuard.Edge.Tracing;
using EdgeGuard.Edge.Webhooks;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Identity;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>From a request to a decision, the same for every door: verify, fill the facts, decide, count.</summary>
internal sealed class DecisionPipeline(
    SnapshotHolder holder,
    BundleStatus bundle,
    DecisionEngine engine,
    Lazy<CallerVerifier> callers,
    IncomingRequests requests,
    FactFiller filler,
    ClientJitter jitter,
    EdgeClock clock,
    DecisionMetrics metrics,
    IDecisionRecorder recorder,
    RequestTracing tracing,
    RequestProbe probe,
    BodyReader bodies,
    WebhookIntake webhooks,
    ExplainStore explain,
    DebugSessions debug)
{
    private readonly ScratchPool _pool = new();

    /// <summary>What is in force now; a door reads it once a request.</summary>
    public PolicySnapshot Current => holder.Current;

    /// <summary>Decides one request.</summary>
    /// <param name="context">Carries headers and connection.</param>
    /// <param name="snapshot">What to decide by.</param>
    /// <param name="request">What is decided on.</param>
    /// <param name="forwarding">Whether an admitted request is forwarded, so that its target is needed.</param>
    public ValueTask<DecidedRequest> DecideAsync(HttpContext context, PolicySnapshot snapshot, OriginalRequest request, bool forwarding)
    {
        var pending = VerifyAsync(context, snapshot, request, forwarding);
        return pending.IsCompletedSuccessfully && !snapshot.ReadsBodies && !snapshot.HasWebhooks
            ? new(Decide(new HttpContextHead(context), snapshot, request.Line, new DecisionInput(pending.Result, null, null, []), PlaceOf(context, forwarding)))
            : DecideAsync(pending, context, snapshot, request, forwarding);
    }

    /// <summary>
    /// What is known of a caller. Completes synchronously, and allocates nothing, when all that is presented is cached or cheap; what burns or waits goes on
    /// on another thread.
    /// </summary>
    /// <param name="request">The request, in use until this has ended.</param>
    /// <param name="snapshot">What it is decided by.</param>
    /// <param name="cancellation">Ends a wait early.</param>
    public ValueTask<Caller> VerifyAsync(IIncomingRequest request, PolicySnapshot snapshot, CancellationToken cancellation)
    {
        var kinds = snapshot.Credentials;
        if (kinds == CredentialKinds.None)
        {
            return default;
        }

        var pending = callers.Value.VerifyAsync(request, kinds, cancellation);
        if (!pending.IsCompletedSuccessfully)
        {
            return CountAsync(pending);
        }

        metrics.CountCaller(pending.Result);
        return pending;
    }

    /// <summary>
    /// Whether a request has to be decided with its body, or with what webhooks demand: with <see cref="DecideAsync(HttpContext, PolicySnapshot, OriginalRequest, bool)"/>
    /// then, and without anything having been verified before.
    /// </summary>
    public bool AsksForBody(PolicySnapshot snapshot, in RequestLine request, bool hasBody) =>
        ((hasBody && snapshot.ReadsBodies) || snapshot.HasWebhooks) && probe.AsksForBody(snapshot, request, hasBody);

    // What has to be waited for: a token that was never seen, a body that policies look at.
    private async ValueTask<DecidedRequest> DecideAsync(
        ValueTask<Caller> pending, HttpContext context, PolicySnapshot snapshot, OriginalRequest request, bool forwarding)
    {
        var caller = await pending;
        var denied = bundle.IsDenied(snapshot, clock.Now.UnixMilliseconds);
        var needs = denied || (!snapshot.ReadsBodies && !snapshot.HasWebhooks) ? BodyNeeds.None : probe.NeedsOf(context, snapshot, request, caller);
        var checks = webhooks.Inspect(context, snapshot, request, needs.Webhooks, forwarding);
        var bytes = Math.Max(needs.Bytes, WebhookIntake.BodyBytes(checks));
        var reading = bytes > 0 ? await bodies.ReadAsync(context, bytes, forwarding, decoded: needs.Bytes) : BodyReading.None;
        webhooks.Verify(checks, reading);

        // What was found out for a bundle that did not hold must not be decided on by one that holds meanwhile.
        var refusal = denied ? Refusal(Reason.NoBundleLoaded) : reading.Refusal;
        return Decide(
            new HttpContextHead(context),
            snapshot,
            request.Line,
            new DecisionInput(caller, needs.Bytes > 0 ? reading.Body : null, refusal, checks),
            PlaceOf(context, forwarding));
    }

    private ValueTask<Caller> VerifyAsync(HttpContext context, PolicySnapshot snapshot, in OriginalRequest request, bool forwarding)
    {
        if (snapshot.Credentials == CredentialKinds.None)
        {
            return default;
        }

        var incoming = requests.Rent();
        incoming.Begin(context, snapshot, request, forwarding);
        var pending = VerifyAsync(incoming, snapshot, context.RequestAborted);
        if (!pending.IsCompletedSuccessfully)
        {
            return EndAsync(pending, incoming);
        }

        requests.Return(incoming);
        return pending;
    }

    private async ValueTask<Caller> EndAsync(ValueTask<Caller> pending, ServerRequest incoming)
    {
        var caller = await pending;
        requests.Return(incoming);
        return caller;
    }

    private async ValueTask<Caller> CountAsync(ValueTask<Caller> pending)
    {
        var caller = await pending;
        metrics.CountCaller(caller);
        return caller;
    }

    /// <summary>Decides one request of which everything is known already.</summary>
    /// <param name="head">Its head.</param>
    /// <param name="snapshot">What to decide by.</param>
    /// <param name="request">What is decided on.</param>
    /// <param name="input">What was found out about it.</param>
    /// <param name="place">Where it is asked.</param>
    public DecidedRequest Decide<THead>(
        in THead head, PolicySnapshot snapshot, in RequestLine request, in DecisionInput input, in DecisionPlace place)
        where THead : IRequestHead
    {
        var now = clock.Now;
        var trace = tracing.Name(head);
        var scratch = _pool.Rent();
        Admission admission = default;
        var delivery = WebhookIntake.DeliveryOf(input.Webhooks);
        try
        {
            Decision decision;
            FactSet? facts = null;
            var readable = scratch.TryRead(request);
            if (!readable)
            {
                decision = Refusal(Reason.MalformedRequest);
            }
            else if (bundle.IsDenied(snapshot, now.UnixMilliseconds))
            {
                decision = Refusal(Reason.NoBundleLoaded);
            }
            else if (input.Refusal is { } refusal)
            {
                decision = refusal;
            }
            else
            {
                filler.Fill(head, request.Host, snapshot.Facts, input.Caller, scratch);
                WebhookIntake.Fill(input.Webhooks, scratch.Facts);
                input.Body?.Describe(scratch.Facts.Body);
                var view = new RequestView(scratch.Method, scratch.Host, scratch.Path, scratch.Facts, scratch.Query);
                decision = engine.DecideRecorded(snapshot, view, now, out admission);
                facts = scratch.Facts;
            }

            var nanoseconds = clock.Nanoseconds - now.Nanoseconds;
            metrics.Record(snapshot, decision, facts, nanoseconds);
            recorder.Record(snapshot, decision, nanoseconds);
            explain.Record(snapshot, decision, trace, facts, now, place.Door, nanoseconds, place.Debugged);
            if (!decision.IsAdmitted)
            {
                delivery?.Release();
                return new DecidedRequest(
                    snapshot, decision, admission, JitterOf(head.Peer, snapshot, scratch, decision), trace, null, [], Challenge.Of(snapshot, decision, input.Caller))
                {
                    Caller = input.Caller,
                };
            }

            return new DecidedRequest(
                snapshot, decision, admission, 0, trace, TargetOf(place, scratch, snapshot.Facts), IdentityHeaders.Of(snapshot, decision, scratch.Facts), null)
            {
                Caller = input.Caller,
                Delivery = delivery,
            };
        }
        catch
        {
            // Nobody will hear of the admission, so nobody else will end it.
            delivery?.Release();
            engine.Finish(admission, Ending.NotForwarded, now);
            throw;
        }
        finally
        {
            _pool.Return(scratch);
        }
    }

    private static string? TargetOf(in DecisionPlace place, RequestScratch scratch, FactPlan plan)
    {
        if (place.Target is { } target)
        {
            scratch.ForwardedTarget(plan, target);
        }

        return place.Forwarding ? scratch.ForwardedTarget(plan) : null;
    }

    private DecisionPlace PlaceOf(HttpContext context, bool forwarding) =>
        new(context.Door(), forwarding, debug.IsEnabled && context.Features.Get<DebugSession>() is not null);

    private uint JitterOf(IPAddress? peer, PolicySnapshot snapshot, RequestScratch scratch, in Decision decision) =>
        decision.RetryAfterSeconds > 1 ? jitter.Of(peer, snapshot.Facts, scratch.Facts, decision) : 0;

    private static Decision Refusal(Reason reason) =>
        Decision.Refused(reason) with { RetryAfterSeconds = reason == Reason.NoBundleLoaded ? 1 : 0 };
}
