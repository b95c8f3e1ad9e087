using System.Buffers;
using System.Net;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Answers;
using EdgeGuard.Edge.Bounds;
using EdgeGuard.Edge.Debug;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Exchanges;
using EdgeGuard.Edge.Explain;
using EdgeGuard.Edge.Lane;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Proxy;
using EdgeGuard.Edge.Takeover;
using EdgeGuard.Edge.Throttling;
using EdgeGuard.Edge.Usage;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Identity;
using Microsoft.Net.Http.Headers;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>
/// Forwards requests from socket to socket, without web server and forwarder: usual requests to upstreams without TLS. Everything else is left to
/// <see cref="ProxyDoor"/> before anything of it was decided or counted.
/// </summary>
internal sealed class ProxyLane(
    DecisionPipeline pipeline,
    HeaderHygiene hygiene,
    LaneAnswers answers,
    ResponseHeadWriter heads,
    UpstreamPool pool,
    ActiveExchanges exchanges,
    ThrottleGate throttle,
    UsageWatch usage,
    ExplainStore explain,
    DebugSessions debug,
    SharedListeners listeners,
    ClientAddressReader addresses,
    RequestProbe probe,
    TimeProvider time,
    ILogger<ProxyLane> logger)
{
    /// <summary>Whether connections end with their next answer, because another process takes over.</summary>
    public bool IsPaused => listeners.IsPaused;

    /// <summary>Connections to upstreams.</summary>
    public UpstreamPool Pool => pool;

    /// <summary>Requests under way.</summary>
    public ActiveExchanges Exchanges => exchanges;

    /// <summary>Holds throttled requests back.</summary>
    public ThrottleGate Throttle => throttle;

    /// <summary>Reads what LLM providers say of a request's usage.</summary>
    public UsageWatch Usage => usage;

    /// <summary>Writes what upstreams answer.</summary>
    public ResponseHeadWriter Heads => heads;

    /// <summary>Writes what the edge answers.</summary>
    public LaneAnswers Answers => answers;

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>The refusal of a request whose upstream failed.</summary>
    public static Decision Unavailable(in Decision decision, int status) => decision with
    {
        Verdict = Verdict.Reject,
        Reason = Reason.UpstreamUnavailable,
        Status = (short)status,
        RetryAfterSeconds = 0,
    };

    /// <summary>Name of the cluster that a request goes to.</summary>
    public static string ClusterOf(in DecidedRequest decided) => ClusterOf(decided.Snapshot, decided.Decision.MatchedPolicy);

    /// <summary>Whether a peer's word on others is taken.</summary>
    public bool Trusts(IPAddress? peer) => hygiene.Trusts(peer);

    /// <summary>What a connection reads its requests with.</summary>
    public ForwardIncoming Incoming(IPAddress? peer, LaneRequest request, CancellationToken closed) => new(addresses, probe, peer, request, closed);

    /// <summary>Takes the request that was read last, if it is one for the lane; otherwise nothing has been done.</summary>
    /// <param name="incoming">The connection's request.</param>
    /// <param name="trusts">Whether its peer is a trusted proxy.</param>
    /// <param name="pending">Who calls.</param>
    public LaneTurn Take(ForwardIncoming incoming, bool trusts, out ValueTask<Caller> pending)
    {
        pending = default;
        var head = incoming.Received;
        var request = head.Request;
        var snapshot = pipeline.Current;
        var hasBody = request.BodyLength > 0 || request.IsChunked;
        if (DebugDoor.Owns(request.Target)
            || ((debug.IsEnabled || snapshot.Facts.NeedsCookies) && head.CountOf(HeaderNames.Cookie) > 0)
            || (hasBody && snapshot.Credentials.HasFlag(CredentialKinds.Agent))
            || Preflights.IsOne(head, snapshot, request.Method)
            || RequestBounds.Has(snapshot, probe, new RequestLine(request.Method, request.Host, request.Target))
            || !(pool.ServesAll(snapshot) || pool.Serves(ClusterOf(snapshot, probe.PolicyFor(snapshot, new RequestLine(request.Method, request.Host, request.Target))))))
        {
            return LaneTurn.Server;
        }

        Clean(request, hygiene.RulesOf(snapshot), trusts);
        if (pipeline.AsksForBody(snapshot, new RequestLine(request.Method, request.Host, request.Target), hasBody))
        {
            return LaneTurn.Server;
        }

        incoming.Use(snapshot);
        pending = pipeline.VerifyAsync(incoming, snapshot, incoming.Closed);
        return pending.IsCompletedSuccessfully ? LaneTurn.Answered : LaneTurn.Waits;
    }

    /// <summary>Decides on the request that was taken last, now that its caller is known.</summary>
    public DecidedRequest Decide(ForwardIncoming incoming, in Caller caller, TargetBuffer target)
    {
        var (head, snapshot) = (incoming.Received, incoming.Snapshot);
        incoming.End();
        var request = head.Request;
        return pipeline.Decide(
            head,
            snapshot,
            new RequestLine(request.Method, request.Host, request.Target),
            new DecisionInput(caller, null, null, []),
            new DecisionPlace(DoorTag.Proxy, Forwarding: false, Debugged: false) { Target = target });
    }

    /// <summary>Answers a request that could not be decided on, for whatever reason: it is not let pass, and the connection ends.</summary>
    public void TellFailure(IBufferWriter<byte> output) => answers.TellProblem(output, StatusCodes.Status500InternalServerError);

    /// <summary>Notes what went wrong with a connection.</summary>
    public void NoteFailure(Exception failure) => LaneLog.ConnectionFailed(logger, failure);

    /// <summary>Refuses what had been admitted.</summary>
    public void Refuse(IBufferWriter<byte> output, in DecidedRequest decided, in Decision refusal, bool headOnly, bool close, bool warns)
    {
        var refused = decided with { Decision = refusal };
        explain.RecordLate(refused, DoorTag.Proxy);
        answers.RefuseForwarded(output, refused, headOnly, close, warns);
    }

    private static string ClusterOf(PolicySnapshot snapshot, int policy) =>
        (policy == Decision.None ? null : snapshot.PolicyCluster(policy)) ?? ProxyConfiguration.DefaultCluster;

    // As HeaderHygiene does it. Headers for this connection only are left out when the head is written; a repeated name is never here, nor one with an underscore.
    private static void Clean(LaneRequest request, HeaderRules rules, bool trusts)
    {
        for (var i = 0; i < request.Count; i++)
        {
            var name = request.NameAt(i);
            if (rules.IsEdgesOwn(name) || rules.IsTwin(name, name) || (!trusts && rules.IsProxysOwn(name)) || HeaderRules.IsHopByHop(name))
            {
                request.Drop(i);
            }
        }
    }
}
