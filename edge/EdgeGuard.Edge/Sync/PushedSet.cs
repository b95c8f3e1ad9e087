using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.State;

namespace EdgeGuard.Edge.Sync;

/// <summary>
/// A whole set that the control plane pushed, signed on its own: verified, put in force at once, then kept as received and acknowledged. What is kept
/// comes into force again at the next start, without a control plane.
/// </summary>
/// <param name="kind">Name of its event.</param>
/// <param name="file">Name in the state directory.</param>
/// <param name="type">Type of its document.</param>
/// <param name="context">What every set needs.</param>
internal abstract class PushedSet(string kind, string file, DocumentType type, PushedSetContext context)
{
    private readonly Lock _gate = new();
    private HighWaterMark _mark = HighWaterMark.None;
    private byte[] _digest = [];
    private DateTimeOffset? _signedAt;

    /// <summary>How many entries are in force.</summary>
    public int Count { get; private set; }

    /// <summary>Time since the set in force was signed, or null for none.</summary>
    public TimeSpan? Age
    {
        get
        {
            lock (_gate)
            {
                return _signedAt is { } at ? context.Time.GetUtcNow() - at : null;
            }
        }
    }

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
            _mark = context.State.HighWater(type);
            if (context.State.Read(file) is not { } document)
            {
                return;
            }

            // Against no mark: the kept set lies at the mark, or above it after a crash between the two writes.
            var set = VerifiedSet.Verify(context.Settings, type, document, HighWaterMark.None, [], context.Time.GetUtcNow());
            var problems = set.Problem is { } problem ? [problem] : Use(set);
            if (problems.Any(found => found.Severity == Severity.Error))
            {
                context.State.SetAside(file, $"the set of {kind} comes back with the control plane ({problems[0].Code})");
            }
            else if (_mark.IsBelow(set.Mark.Epoch, set.Mark.Sequence) || _mark.Lineage.Length == 0)
            {
                _mark = set.Mark;
            }
            else if (!_mark.Equals(set.Mark.Epoch, set.Mark.Sequence))
            {
                // The digest is forgotten, so that the set at the mark is taken.
                _digest = [];
                SyncLog.StateProblem(context.Log, SyncProblem.Warning(
                    SyncCodes.KeptIsOld,
                    $"the kept set of {kind} is {set.Mark.Epoch}/{set.Mark.Sequence}, but {_mark.Epoch}/{_mark.Sequence} was accepted before",
                    "a single file of the state directory was restored; the control plane sends the current set at connect").ToString());
            }
        }
    }

    /// <summary>Puts the kept set in force if it is newer: another process, which has taken over, keeps the state now.</summary>
    public void Follow()
    {
        lock (_gate)
        {
            if (context.State.Read(file) is { } document
                && VerifiedSet.Verify(context.Settings, type, document, _mark, _digest, context.Time.GetUtcNow()) is { Problem: null, Verdict: RollbackVerdict.Newer } set
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
            var set = VerifiedSet.Verify(context.Settings, type, document, _mark, _digest, context.Time.GetUtcNow());
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
                SyncLog.SetInForce(context.Log, kind, Count, _mark.Epoch, _mark.Sequence);
            }

            context.Keeper.Keep(new KeptDirective(
                file, type, document, set.Mark, new Ack(kind, set.Mark.Epoch, set.Mark.Sequence, Ack.Applied, [])));
            return null;
        }
    }

    /// <summary>Reads a set and puts it in force, or tells why not and changes nothing.</summary>
    /// <returns>How many entries it has, and the findings.</returns>
    protected abstract (int Count, ImmutableArray<Diagnostic> Problems) Use(ReadOnlyMemory<byte> payload);

    private ImmutableArray<Diagnostic> Use(VerifiedSet set)
    {
        var (count, problems) = Use((ReadOnlyMemory<byte>)set.Payload);
        if (!problems.Any(found => found.Severity == Severity.Error))
        {
            Count = count;
            _digest = set.Digest;
            _signedAt = set.Header?.IssuedAt;
        }

        return problems;
    }

    private Ack Refusal(VerifiedSet set, IEnumerable<Diagnostic> problems) =>
        new(kind, set.Header?.Epoch ?? 0, set.Header?.Sequence ?? 0, Ack.Refused, Acks.Texts(problems));
}
