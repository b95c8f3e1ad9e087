using System.Text;
using System.Text.Json;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.KillSwitches;
using EdgeGuard.Edge.Leases;

namespace EdgeGuard.Edge.Sync;

/// <summary>
/// Takes each event of the stream, on the thread that reads it: kill switches are in force when it returns; bundles are only handed on, so
/// nothing ever waits behind one.
/// </summary>
internal sealed class DirectiveDispatcher(
    PushedKillSwitches killSwitches,
    RevocationSet revocations,
    ApiKeySet apiKeys,
    HeartbeatMonitor heartbeats,
    BundleFetcher bundles,
    LeaseService leases,
    AckQueue acks,
    SyncStatus status,
    ILogger<DirectiveDispatcher> logger)
{
    /// <summary>Heartbeats in a row that name a newer set before the stream is opened again: its first event is the current set.</summary>
    private const int MaxBehind = 2;

    /// <summary>Takes one event. Never throws for what it holds.</summary>
    /// <returns>Whether it was a verified directive.</returns>
    /// <exception cref="SyncFailure">The stream has missed a set and is to be opened again.</exception>
    public bool Take(string kind, byte[] data)
    {
        switch (kind)
        {
            case StreamEvents.KillSwitches:
                return Finish(kind, killSwitches.Apply(data));
            case StreamEvents.Revocations:
                return Finish(kind, revocations.Apply(data));
            case StreamEvents.ApiKeys:
                return Finish(kind, apiKeys.Apply(data));
            case StreamEvents.Bundle:
                TakeAnnouncement(data);
                return false;
            case StreamEvents.Lease:
                return leases.Take(data);
            case StreamEvents.Heartbeat:
                return TakeHeartbeat(data);
            default:
                Refuse(Cut(kind), SyncProblem.Error(
                    SyncCodes.NotSupported, $"this edge does not know the directive {Cut(kind)}", "update the edge to the release of its control plane"));
                return false;
        }
    }

    private bool Finish(string kind, Ack? refusal)
    {
        status.Count(applied: refusal is null);
        if (refusal is null)
        {
            status.Fresh();
            return true;
        }

        SyncLog.DirectiveRefused(logger, kind, refusal.Problems.Count > 0 ? refusal.Problems[0] : string.Empty);
        acks.Add(refusal);
        return false;
    }

    private void TakeAnnouncement(byte[] data)
    {
        BundleAnnouncement? announcement = null;
        try
        {
            announcement = JsonSerializer.Deserialize(data, ContractsJson.Default.BundleAnnouncement);
        }
        catch (JsonException)
        {
            // Refused below.
        }

        // Not signed, and it needs no signature: it only says that there is something to fetch, and that is signed. What it may not do is
        // lead the token elsewhere.
        if (announcement is { Version: > 0, Digest: not null, Url: not null } &&
            announcement.Url.StartsWith(EdgeRoutes.Bundle, StringComparison.Ordinal) &&
            announcement.Url.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0 &&
            !announcement.Url.Contains("..", StringComparison.Ordinal))
        {
            bundles.Announce(announcement);
            return;
        }

        Refuse(StreamEvents.Bundle, SyncProblem.Error(
            SyncCodes.Malformed, "an announcement of a bundle cannot be read", "use a control plane of this or the next release"));
    }

    private bool TakeHeartbeat(byte[] data)
    {
        if (heartbeats.Take(data) is { } problem)
        {
            Refuse(StreamEvents.Heartbeat, problem);
            return false;
        }

        if (heartbeats.BehindInARow >= MaxBehind)
        {
            throw new SyncFailure(SyncProblem.Error(
                SyncCodes.Silent, "the control plane has a newer set than this stream brought", "the edge opens the stream again, which brings the current set"));
        }

        status.Fresh();
        return true;
    }

    private void Refuse(string kind, Diagnostic problem)
    {
        status.Count(applied: false);
        SyncLog.DirectiveRefused(logger, kind, problem.ToString());
        acks.Add(new Ack(kind, 0, 0, Ack.Refused, Acks.Texts([problem])));
    }

    private static string Cut(string kind)
    {
        var text = new StringBuilder();
        foreach (var c in kind.AsSpan(0, Math.Min(kind.Length, 40)))
        {
            text.Append(char.IsAsciiLetterOrDigit(c) || c == '-' ? c : '?');
        }

        return text.ToString();
    }
}
