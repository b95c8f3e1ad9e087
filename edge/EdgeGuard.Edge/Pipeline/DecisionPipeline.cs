using System.Net;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Answers;
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
using EdgeGuard.Engine.Answers;
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
    AnswerReader answers,
    DebugSessions debug)
{
    private readonly ScratchPool _pool = new();
    private readonly KnownIdentities _identities = new();

    /// <summary>What is in force now; a door reads it once a request.</summary>
    public PolicySnapshot Current => holder.Current;

    /// <summary>Refuses one request for what is known of it without a decision.</summary>
    public DecidedRequest Refuse(HttpContext context, PolicySnapshot snapshot, OriginalRequest request, in Decision refusal) =>
        Decide(new HttpContextHead(context), snapshot, request.Line, new DecisionInput(default, null, refusal, []), PlaceOf(context, forwarding: false));

    /// <summary>
    /// Decides a request of the edge's own, by counters of its own: in its own order of things, as any other, and recorded nowhere.
    /// </summary>
    public async ValueTask<Decision> ProbeAsync(HttpContext context, PolicySnapshot snapshot, OriginalRequest request, Caller caller, DecisionEngine counters)
    {
        var needs = snapshot.ReadsBodies ? probe.NeedsOf(context, snapshot, request, caller) : BodyNeeds.None;
        var reading = needs.Bytes > 0 ? await bodies.ReadAsync(context, needs.Bytes, forwarding: true) : BodyReading.None;
        var scratch = _pool.Rent();
        try
        {
            var now = clock.Now;
            var decision = Judge(
                new HttpContextHead(context), snapshot, request.Line, new DecisionInput(caller, reading.Body, reading.Refusal, []), default, now, counters, scratch, out var admission, out _);
            counters.Finish(admission, Ending.NotForwarded, now);
            return decision;
        }
        finally
        {
            _pool.Return(scratch);
            reading.Body?.Dispose();
        }
    }

    /// <summary>Decides one request.</summary>
    /// <param name="context">Carries headers and connection.</param>
    /// <param name="snapshot">What to decide by.</param>
    /// <param name="request">What is decided on.</param>
    /// <param name="forwarding">Whether an admitted request is forwarded, so that its target is needed.</param>
    public ValueTask<DecidedRequest> DecideAsync(HttpContext context, PolicySnapshot snapshot, OriginalRequest request, bool forwarding) =>
        DecideAsync(context, snapshot, request, PlaceOf(context, forwarding));

    /// <summary>Decides one request at a place, which may say more of it than whether it is forwarded.</summary>
    public ValueTask<DecidedRequest> DecideAsync(HttpContext context, PolicySnapshot snapshot, OriginalRequest request, DecisionPlace place)
    {
        var pending = VerifyAsync(context, snapshot, request, place.Forwarding);
        return pending.IsCompletedSuccessfully && !snapshot.ReadsBodies && !snapshot.HasWebhooks
            ? new(Decide(new HttpContextHead(context), snapshot, request.Line, new DecisionInput(pending.Result, null, null, []), place))
            : DecideAsync(pending, context, snapshot, request, place);
    }

    /// <summary>Where a request of the web server is decided on.</summary>
    public DecisionPlace PlaceOf(HttpContext context, bool forwarding) =>
        new(context.Door(), forwarding, debug.IsEnabled && context.Features.Get<DebugSession>() is not null);

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
        ((hasBody && snapshot.ReadsBodies) || snapshot.HasWebhooks || snapshot.HasModels) && probe.AsksForBody(snapshot, request, hasBody);

    // What has to be waited for: a token that was never seen, a body that policies look at.
    private async ValueTask<DecidedRequest> DecideAsync(
        ValueTask<Caller> pending, HttpContext context, PolicySnapshot snapshot, OriginalRequest request, DecisionPlace place)
    {
        var forwarding = place.Forwarding;
        var caller = await pending;
        var denied = bundle.IsDenied(snapshot, clock.Now.UnixMilliseconds) && !probe.OpensWithoutBundle(snapshot, request.Line);
        var needs = denied || (!snapshot.ReadsBodies && !snapshot.HasWebhooks) ? BodyNeeds.None : probe.NeedsOf(context, snapshot, request, caller);
        var checks = webhooks.Inspect(context, snapshot, request, needs.Webhooks, forwarding);
        var bytes = Math.Max(needs.Bytes, WebhookIntake.BodyBytes(checks));
        var reading = bytes > 0 ? await bodies.ReadAsync(context, bytes, forwarding, decoded: needs.Bytes) : BodyReading.None;
        webhooks.Verify(checks, reading);

        // What was found out for a bundle that did not hold must not be decided on by one that holds meanwhile.
        var refusal = denied ? Refusal(Reason.NoBundleLoaded) with { Closed = FailureCauses.NoBundle } : reading.Refusal;
        return Decide(
            new HttpContextHead(context),
            snapshot,
            request.Line,
            new DecisionInput(caller, needs.Bytes > 0 ? reading.Body : null, refusal, checks) { Models = needs.Models },
            place);
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
            var decision = Judge(head, snapshot, request, input, place, now, engine, scratch, out admission, out var readable);
            var facts = readable.Facts;
            var nanoseconds = clock.Nanoseconds - now.Nanoseconds;
            metrics.Record(snapshot, decision, facts, nanoseconds);
            recorder.Record(snapshot, decision, nanoseconds);
            explain.Record(snapshot, decision, trace, facts, now, place.Door, nanoseconds, place.Debugged);
            var answer = answers.Read(head, snapshot, readable.IsReadable ? snapshot.DoorsFor(scratch.Method, scratch.Host, scratch.Path) : DoorMatch.None);
            if (!decision.IsAdmitted)
            {
                delivery?.Release();
                return new DecidedRequest(
                    snapshot, decision, admission, JitterOf(head.Peer, snapshot, scratch, decision), trace, null, [], Challenge.Of(snapshot, decision, input.Caller))
                { Caller = input.Caller, Models = input.Models, RpcId = RpcIdOf(input.Models, facts), Answer = answer };
            }

            return new DecidedRequest(
                snapshot, decision, admission, 0, trace, TargetOf(place, scratch, snapshot.Facts), _identities.Of(snapshot, decision, scratch.Facts, input.Caller), null)
            {
                Caller = input.Caller,
                Models = input.Models,
                Body = input.Models is null ? null : input.Body,
                Answer = answer,
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

    // What every way of asking has in common.
    private Decision Judge<THead>(
        in THead head,
        PolicySnapshot snapshot,
        in RequestLine request,
        in DecisionInput input,
        in DecisionPlace place,
        EngineTime now,
        DecisionEngine counters,
        RequestScratch scratch,
        out Admission admission,
        out (bool IsReadable, FactSet? Facts) read)
        where THead : IRequestHead
    {
        admission = default;
        read = (scratch.TryRead(request), null);
        if (!read.IsReadable)
        {
            return Refusal(Reason.MalformedRequest);
        }

        var expired = bundle.IsDenied(snapshot, now.UnixMilliseconds);
        if (expired && !snapshot.OpensWithoutBundle(scratch.Method, scratch.Host, scratch.Path))
        {
            return Refusal(Reason.NoBundleLoaded) with { Closed = FailureCauses.NoBundle };
        }

        if (input.Refusal is { } refusal)
        {
            return refusal;
        }

        filler.Fill(head, request.Host, snapshot.Facts, input.Caller, scratch);
        WebhookIntake.Fill(input.Webhooks, scratch.Facts);
        input.Body?.Describe(scratch.Facts.Body, scratch.Path);
        scratch.Facts.ExtraHits = place.ExtraHits;
        scratch.Facts.Returnable = place.Returnable;
        var view = new RequestView(scratch.Method, scratch.Host, scratch.Path, scratch.Facts, scratch.Query);
        read = (true, scratch.Facts);
        var decision = counters.DecideRecorded(snapshot, view, now, out admission);
        return expired && decision.KillSwitch == Decision.None ? decision with { Opened = decision.Opened | FailureCauses.NoBundle } : decision;
    }

    private static byte[]? RpcIdOf(ModelRoute? route, FactSet? facts) =>
        route is { IsTools: true } && facts is { Body.RpcId.IsKnown: true } ? facts.Body.RpcId.Value.ToArray() : null;

    private static string? TargetOf(in DecisionPlace place, RequestScratch scratch, FactPlan plan)
    {
        if (place.Target is { } target)
        {
            scratch.ForwardedTarget(plan, target);
        }

        return place.Forwarding ? scratch.ForwardedTarget(plan) : null;
    }

    private uint JitterOf(IPAddress? peer, PolicySnapshot snapshot, RequestScratch scratch, in Decision decision) =>
        decision.RetryAfterSeconds > 1 ? jitter.Of(peer, snapshot.Facts, scratch.Facts, decision) : 0;

    private static Decision Refusal(Reason reason) =>
        Decision.Refused(reason) with { RetryAfterSeconds = reason == Reason.NoBundleLoaded ? 1 : 0 };
}
