using System.Buffers;
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
using Microsoft.AspNetCore.Connections;
using Microsoft.Net.Http.Headers;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>
/// Forwards requests on the connections' own pipes, without web server and forwarder: usual requests to upstreams without TLS. Everything else is left to
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
    TimeProvider time)
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
    public static string ClusterOf(in DecidedRequest decided)
    {
        var policy = decided.Decision.MatchedPolicy;
        return (policy == Decision.None ? null : decided.Snapshot.PolicyCluster(policy)) ?? ProxyConfiguration.DefaultCluster;
    }

    /// <summary>Serves one connection; the server goes on with it when the lane cannot.</summary>
    public Task RunAsync(ConnectionContext connection, ConnectionDelegate server) => new ProxyLaneConnection(this, connection, time).RunAsync(server);

    /// <summary>Whether a peer's word on others is taken.</summary>
    public bool Trusts(in LaneHead head) => hygiene.Trusts(head.Peer);

    /// <summary>Decides on a request; false when it is for the server, and then nothing has been done.</summary>
    public bool TryDecide(in LaneHead head, bool trusts, TargetBuffer target, out DecidedRequest decided)
    {
        decided = default;
        var request = head.Request;
        var snapshot = pipeline.Current;
        if (DebugDoor.Owns(request.Target)
            || (snapshot.ReadsBodies && (request.BodyLength > 0 || request.IsChunked)) || snapshot.HasWebhooks
            || ((debug.IsEnabled || snapshot.Facts.NeedsCookies) && head.CountOf(HeaderNames.Cookie) > 0)
            || !pool.Serves(snapshot))
        {
            return false;
        }

        Clean(request, hygiene.RulesOf(snapshot), trusts);
        if (!pipeline.TryRecall(head, snapshot, out var caller))
        {
            return false;
        }

        decided = pipeline.Decide(
            head,
            snapshot,
            new RequestLine(request.Method, request.Host, request.Target),
            new DecisionInput(caller, null, null, []),
            new DecisionPlace(DoorTag.Proxy, Forwarding: false, Debugged: false) { Target = target });
        return true;
    }

    /// <summary>Refuses what had been admitted.</summary>
    public void Refuse(IBufferWriter<byte> output, in DecidedRequest decided, in Decision refusal, bool headOnly, bool close, bool warns)
    {
        var refused = decided with { Decision = refusal };
        explain.RecordLate(refused, DoorTag.Proxy);
        answers.RefuseForwarded(output, refused, headOnly, close, warns);
    }

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
