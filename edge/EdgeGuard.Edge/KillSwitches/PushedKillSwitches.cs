using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Bundles.Validation;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.State;
using EdgeGuard.Edge.Sync;

namespace EdgeGuard.Edge.KillSwitches;

/// <summary>
/// The whole set of kill switches that the control plane pushed: verified, put in force at once, then kept as received and acknowledged.
/// </summary>
internal sealed class PushedKillSwitches(
    SyncSettings settings, StateDirectory state, SnapshotHolder holder, DirectiveKeeper keeper, TimeProvider time, ILogger<PushedKillSwitches> logger)
{
    private const string FileName = StateFiles.KillSwitches;

    private readonly Lock _gate = new();
    private HighWaterMark _mark = HighWaterMark.None;
    private byte[] _digest = [];

    /// <summary>How many are in force.</summary>
    public int Count { get; private set; }

    /// <summary>Epoch and sequence of the set in force; (-1, 0) for none.</summary>
    public HighWaterMark Mark
    {
        get
        {
            lock (_gate)
            {
                return _mark;
            }
        }
    }

    /// <summary>Puts the kept set in force again, before traffic and without a control plane. Verified as if it came just now.</summary>
    public void Restore()
    {
        lock (_gate)
        {
            _mark = state.HighWater(DocumentType.KillSwitches);
            if (state.Read(FileName) is not { } document)
            {
                return;
            }

            // Against no mark: the kept set lies at the mark, or above it after a crash between the two writes.
            var set = VerifiedSet.Verify(settings, DocumentType.KillSwitches, document, HighWaterMark.None, [], time.GetUtcNow());
            var problems = set.Problem is { } problem ? [problem] : Use(set);
            if (problems.Any(found => found.Severity == Severity.Error))
            {
                state.SetAside(FileName, $"pushed kill switches come back with the control plane ({problems[0].Code})");
                return;
            }

            if (_mark.IsBelow(set.Mark.Epoch, set.Mark.Sequence) || _mark.Lineage.Length == 0)
            {
                _mark = set.Mark;
            }
            else if (!_mark.Equals(set.Mark.Epoch, set.Mark.Sequence))
            {
                // An old set refuses more than none at all, so it is used; the digest is forgotten so that the set at the mark is taken.
                _digest = [];
                SyncLog.StateProblem(logger, SyncProblem.Warning(
                    SyncCodes.KeptIsOld,
                    $"the kept kill switches are of set {set.Mark.Epoch}/{set.Mark.Sequence}, but {_mark.Epoch}/{_mark.Sequence} was accepted before",
                    "a single file of the state directory was restored; the control plane sends the current set at connect").ToString());
            }
        }
    }

    /// <summary>Puts the kept set in force if it is newer: another process, which has taken over, keeps the state now.</summary>
    public void Follow()
    {
        lock (_gate)
        {
            if (state.Read(FileName) is { } document
                && VerifiedSet.Verify(settings, DocumentType.KillSwitches, document, _mark, _digest, time.GetUtcNow()) is { Problem: null, Verdict: RollbackVerdict.Newer } set
                && !Use(set).Any(found => found.Severity == Severity.Error))
            {
                _mark = set.Mark;
            }
        }
    }

    /// <summary>Takes a set from the stream. What it refuses is acknowledged by the caller; what it accepts is acknowledged once kept.</summary>
    /// <returns>Null when it is in force, or the refusal.</returns>
    public Ack? Apply(byte[] document)
    {
        lock (_gate)
        {
            var set = VerifiedSet.Verify(settings, DocumentType.KillSwitches, document, _mark, _digest, time.GetUtcNow());
            if (set.Problem is { } problem)
            {
                return Refusal(set, [problem]);
            }

            if (set.Verdict == RollbackVerdict.Newer || _digest.Length == 0)
            {
                var problems = Use(set);
                if (problems.Any(found => found.Severity == Severity.Error))
                {
                    return Refusal(set, problems);
                }

                _mark = set.Mark;
                SyncLog.KillSwitchesInForce(logger, Count, _mark.Epoch, _mark.Sequence);
            }

            keeper.Keep(new KeptDirective(
                FileName, DocumentType.KillSwitches, document, set.Mark,
                new Ack(StreamEvents.KillSwitches, set.Mark.Epoch, set.Mark.Sequence, Ack.Applied, [])));
            return null;
        }
    }

    private ImmutableArray<Diagnostic> Use(VerifiedSet set)
    {
        var (switches, diagnostics) = BundleReader.ReadKillSwitches(set.Payload, FileName);
        if (!diagnostics.Any(found => found.Severity == Severity.Error))
        {
            holder.Update(snapshot => snapshot.WithPushedKillSwitches(switches));
            _digest = set.Digest;
            Count = switches.Length;
        }

        return diagnostics;
    }

    private static Ack Refusal(VerifiedSet set, IEnumerable<Diagnostic> problems) => new(
        StreamEvents.KillSwitches, set.Header?.Epoch ?? 0, set.Header?.Sequence ?? 0, Ack.Refused, Acks.Texts(problems));
}
