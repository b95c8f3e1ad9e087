using System.Text.Json;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.KillSwitches;

namespace EdgeGuard.Edge.Sync;

/// <summary>
/// Verifies heartbeats and compares them with what is in force here. A heartbeat that was sent before says nothing new: numbers must rise.
/// </summary>
internal sealed class HeartbeatMonitor(
    SyncSettings settings, PushedKillSwitches killSwitches, RevocationSet revocations, ApiKeySet apiKeys, TimeProvider time)
{
    private HighWaterMark _mark = HighWaterMark.None;

    /// <summary>Heartbeats in a row that told of a newer set than is in force here.</summary>
    public int BehindInARow { get; private set; }

    /// <summary>Takes a heartbeat; a problem when it does not count.</summary>
    public Diagnostic? Take(byte[] document)
    {
        var beat = VerifiedSet.Verify(settings, DocumentType.Heartbeat, document, _mark, [], time.GetUtcNow());
        if (beat.Problem is { } problem)
        {
            return problem;
        }

        if (Read(beat.Payload) is not { } payload)
        {
            return SyncProblem.Error(SyncCodes.Malformed, "a heartbeat cannot be read", "use a control plane of this or the next release");
        }

        if (beat.Verdict == RollbackVerdict.Same)
        {
            return SyncProblem.Error(SyncCodes.Malformed, "a heartbeat came a second time", "look for something between edge and control plane that repeats traffic");
        }

        _mark = beat.Mark;
        BehindInARow = IsBehind(killSwitches.Mark, payload.KillSequence, payload)
            || IsBehind(revocations.Mark, payload.RevocationSequence, payload)
            || IsBehind(apiKeys.Mark, payload.ApiKeySequence, payload) ? BehindInARow + 1 : 0;
        return null;
    }

    private static bool IsBehind(HighWaterMark mark, long sequence, HeartbeatPayload payload) =>
        sequence > 0 && mark.IsBelow(payload.KillEpoch, sequence);

    private static HeartbeatPayload? Read(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ContractsJson.Default.HeartbeatPayload);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
