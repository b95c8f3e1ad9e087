using System.Buffers;
using EdgeGuard.Edge.Debug;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Exchanges;
using EdgeGuard.Edge.Explain;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Takeover;
using EdgeGuard.Edge.Throttling;
using EdgeGuard.Options;
using Microsoft.AspNetCore.Connections;
using Microsoft.Net.Http.Headers;

namespace EdgeGuard.Edge.Lane;

/// <summary>
/// Answers gateways on the connection's own pipe, without the web server: the usual question to a decision door whose answer needs no wait. Everything
/// else is left to <see cref="DecisionDoor"/> before anything of it was decided or counted.
/// </summary>
internal sealed class DecisionLane(
    EdgeOptions options,
    DecisionPipeline pipeline,
    DecisionSecret secret,
    LaneAnswers answers,
    HoldQueue holds,
    ExplainStore explain,
    DebugSessions debug,
    SharedListeners listeners,
    TimeProvider time)
{
    /// <summary>Serves one connection; the server goes on with it when the lane cannot.</summary>
    public Task RunAsync(ConnectionContext connection, ConnectionDelegate server) => new LaneConnection(this, connection, time).RunAsync(server);

    /// <summary>Whether connections end with their next answer, because another process takes over.</summary>
    public bool IsPaused => listeners.IsPaused;

    /// <summary>Answers a request whose head did not come in time.</summary>
    public void TellTimeout(IBufferWriter<byte> output) => answers.TellTimeout(output);

    /// <summary>Answers a request; false when it is for the server, and then nothing has been done.</summary>
    public bool TryAnswer(in LaneHead head, IBufferWriter<byte> output, bool close)
    {
        if (!LaneQuestion.TryRead(head, out var question) || !secret.IsKnown(head)
            || (debug.IsEnabled && head.CountOf(HeaderNames.Cookie) > 0)
            || (options.Throttle.HoldDecisions && !question.TellsDelay))
        {
            return false;
        }

        var snapshot = pipeline.Current;
        if ((snapshot.ReadsBodies && head.Request.BodyLength > 0) || snapshot.HasWebhooks || !pipeline.TryRecall(head, snapshot, out var caller))
        {
            return false;
        }

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

        return true;
    }
}
