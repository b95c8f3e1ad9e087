using System.Buffers;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Answers;
using EdgeGuard.Edge.Bounds;
using EdgeGuard.Edge.Debug;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Exchanges;
using EdgeGuard.Edge.Explain;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Takeover;
using EdgeGuard.Edge.Throttling;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Identity;
using EdgeGuard.Options;
using Microsoft.Net.Http.Headers;

namespace EdgeGuard.Edge.Lane;

/// <summary>
/// Answers gateways at the socket, without the web server: the usual question to a decision door. Everything else is left to
/// <see cref="DecisionDoor"/> before anything of it was decided or counted.
/// </summary>
internal sealed class DecisionLane(
    EdgeOptions options,
    DecisionPipeline pipeline,
    ClientAddressReader addresses,
    RequestProbe probe,
    DecisionSecret secret,
    LaneAnswers answers,
    HoldQueue holds,
    ExplainStore explain,
    DebugSessions debug,
    SharedListeners listeners,
    ILogger<DecisionLane> logger)
{
    /// <summary>Whether connections end with their next answer, because another process takes over.</summary>
    public bool IsPaused => listeners.IsPaused;

    /// <summary>A reader of questions.</summary>
    public LaneIncoming Incoming() => new(addresses, probe, new LaneRequest());

    /// <summary>Answers a request whose head did not come in time.</summary>
    public void TellTimeout(IBufferWriter<byte> output) => answers.TellTimeout(output);

    /// <summary>Answers a request that could not be decided on, for whatever reason: it is not let pass, and the connection ends.</summary>
    public void TellFailure(IBufferWriter<byte> output, Exception failure)
    {
        LaneLog.DecisionFailed(logger, failure);
        answers.TellFailure(output);
    }

    /// <summary>Notes that a connection failed otherwise.</summary>
    public void NoteFailure(Exception failure) => LaneLog.ConnectionFailed(logger, failure);

    /// <summary>Answers the request that was read last, if it is one for the lane.</summary>
    /// <param name="incoming">The connection's request.</param>
    /// <param name="output">Where to.</param>
    /// <param name="close">Whether the connection ends with the answer.</param>
    /// <param name="pending">Who calls, if that is to be waited for; <see cref="Finish"/> then writes the answer.</param>
    public LaneTurn Take(LaneIncoming incoming, IBufferWriter<byte> output, bool close, out ValueTask<Caller> pending)
    {
        pending = default;
        var head = incoming.Question;
        if (!LaneQuestion.TryRead(head, out var question) || !secret.IsKnown(head)
            || (debug.IsEnabled && head.CountOf(HeaderNames.Cookie) > 0)
            || (options.Throttle.HoldDecisions && !question.TellsDelay))
        {
            return LaneTurn.Server;
        }

        var snapshot = pipeline.Current;
        if (Preflights.IsOne(head, snapshot, question.Line.Method)
            || RequestBounds.Has(snapshot, probe, question.Line)
            || pipeline.AsksForBody(snapshot, question.Line, hasBody: head.Request.BodyLength > 0)
            || (head.Request.BodyLength > 0 && snapshot.Credentials.HasFlag(CredentialKinds.Agent)))
        {
            return LaneTurn.Server;
        }

        if (snapshot.Credentials != CredentialKinds.None)
        {
            incoming.Use(snapshot);
            pending = pipeline.VerifyAsync(incoming, snapshot, incoming.Closed);
            if (!pending.IsCompletedSuccessfully)
            {
                return LaneTurn.Waits;
            }

            incoming.End();
        }

        Answer(head, question, snapshot, pending.Result, output, close);
        return LaneTurn.Answered;
    }

    /// <summary>Answers the request that was read last, now that its caller is known.</summary>
    public void Finish(LaneIncoming incoming, in Caller caller, IBufferWriter<byte> output, bool close)
    {
        var snapshot = incoming.Snapshot;
        incoming.End();
        _ = LaneQuestion.TryRead(incoming.Question, out var question);
        Answer(incoming.Question, question, snapshot, caller, output, close);
    }

    private void Answer(in LaneHead head, in LaneQuestion question, PolicySnapshot snapshot, in Caller caller, IBufferWriter<byte> output, bool close)
    {
        var decided = pipeline.Decide(
            head, snapshot, question.Line, new DecisionInput(caller, null, null, []), new DecisionPlace(DoorTag.Decision, Forwarding: false, Debugged: false));
        if (!decided.Decision.IsAdmitted)
        {
            answers.Refuse(output, decided, question.Deny, head.Request.IsHead, close);
        }
        else if (holds.TryHold(decided))
        {
            answers.Admit(output, decided, close);
        }
        else
        {
            var refused = decided with { Decision = ThrottleGate.Refusal(decided.Decision) };
            explain.RecordLate(refused, DoorTag.Decision);
            answers.Refuse(output, refused, question.Deny, head.Request.IsHead, close);
        }
    }
}
