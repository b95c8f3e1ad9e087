using EdgeGuard.Edge.Bodies;
using EdgeGuard.Edge.Tracing;
using EdgeGuard.Engine.Answers;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Identity;
using EdgeGuard.Identity.Webhooks;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>A decision together with what answering or forwarding needs.</summary>
/// <param name="Snapshot">The one snapshot that the decision was taken by.</param>
/// <param name="Decision">The decision.</param>
/// <param name="Admission">Handle for what happens later.</param>
/// <param name="Jitter">Of a rejection: a number that is the same for the same client and rule; 0 otherwise.</param>
/// <param name="Trace">What the decision is known by.</param>
/// <param name="Identity">Headers that tell the upstream who calls; empty for none.</param>
/// <param name="Challenge">What a refused caller is told to present, or null.</param>
/// <param name="Target">Canonical path and original query to forward, or null when not asked for or refused.</param>
internal readonly record struct DecidedRequest(
    PolicySnapshot Snapshot,
    Decision Decision,
    Admission Admission,
    uint Jitter,
    RequestTrace Trace,
    string? Target,
    KeyValuePair<string, string>[] Identity,
    string? Challenge)
{
    /// <summary>What was known of who calls.</summary>
    public Caller Caller { get; init; }

    /// <summary>The route to models or tools that it takes, or null.</summary>
    public ModelRoute? Models { get; init; }

    /// <summary>What was read of the body of an admitted request to models, or null.</summary>
    public RequestBody? Body { get; init; }

    /// <summary>Of a refused message to tools: its id as it was written, or null.</summary>
    public byte[]? RpcId { get; init; }

    /// <summary>What its answer tells in addition: security headers and CORS.</summary>
    public AnswerFields? Answer { get; init; }

    /// <summary>The webhook's delivery that it is, to be let go of when the upstream does not take it; null for any other request.</summary>
    public Delivery? Delivery { get; init; }
}
