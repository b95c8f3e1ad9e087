using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Tracing;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Explain;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Explain;

/// <summary>
/// Keeps the reasoning of decisions for a while: refusals, warnings and shadow disagreements all, plain allows sampled or, for a while, all. Fixed
/// memory; recording allocates nothing and locks nothing. Plain allows have a ring of their own, so that asking for them all does not push out
/// the refusals that somebody is looking for.
/// </summary>
internal sealed class ExplainStore
{
    /// <summary>Longest time for which all allows may be recorded.</summary>
    public static readonly TimeSpan MaxRecordAll = TimeSpan.FromHours(1);

    private static readonly DoorTag[] Doors = [DoorTag.Proxy, DoorTag.Decision, DoorTag.DecisionHttp2, DoorTag.ProxyTls, DoorTag.DecisionTls];

    private readonly EdgeClock _clock;
    private readonly SettlementNotes _settlements;
    private readonly ExplainRing _notable;
    private readonly ExplainRing _allows;
    private readonly SnapshotShelf _shelf = new();
    private readonly UInt128 _markKey = BitConverter.ToUInt128(RandomNumberGenerator.GetBytes(16));
    private readonly long _keepNanoseconds;
    private readonly ulong _sampledBelow;
    private readonly long[] _recorded = new long[Enum.GetValues<EntryKind>().Length];
    private long _recordAllUntil;

    public ExplainStore(EdgeOptions options, EdgeClock clock, SettlementNotes settlements)
    {
        _settlements = settlements;
        _clock = clock;
        Keep = options.Explain.Keep;
        _keepNanoseconds = Keep.Ticks * 100;
        _sampledBelow = (ulong)options.Explain.SampleAllowsPerMillion * (1UL << 32) / 1_000_000;
        SampleAllows = options.Explain.SampleAllowsPerMillion / 1_000_000d;
        var memory = options.Explain.MemoryBytes;
        _notable = new ExplainRing(memory / 4 * 3, _keepNanoseconds);
        _allows = new ExplainRing(memory / 4, _keepNanoseconds);
    }

    /// <summary>How long entries are kept.</summary>
    public TimeSpan Keep { get; }

    /// <summary>Share of plain allows that are kept, from 0 to 1.</summary>
    public double SampleAllows { get; }

    /// <summary>Memory of all entries.</summary>
    public long Bytes => _notable.Bytes + _allows.Bytes;

    /// <summary>Entries that went before their time, because the memory was full.</summary>
    public long Dropped => _notable.Dropped + _allows.Dropped;

    /// <summary>Whether all allows are recorded at the moment.</summary>
    public bool RecordsAll => Volatile.Read(ref _recordAllUntil) > _clock.Now.Nanoseconds;

    /// <summary>Entries recorded so far.</summary>
    public long Recorded(EntryKind kind) => Interlocked.Read(ref _recorded[(int)kind]);

    /// <summary>Records all allows for a while, at most <see cref="MaxRecordAll"/>; zero ends it.</summary>
    /// <returns>When that ends.</returns>
    public DateTimeOffset RecordAll(TimeSpan time)
    {
        var limited = time < MaxRecordAll ? time : MaxRecordAll;
        Volatile.Write(ref _recordAllUntil, _clock.Now.Nanoseconds + (limited.Ticks * 100));
        return _clock.UtcNow + limited;
    }

    /// <summary>Keeps a decision if it is one to keep.</summary>
    /// <param name="snapshot">What it was taken by.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="trace">What it is known by.</param>
    /// <param name="facts">Facts and steps, as they were decided on; null when it did not come to that.</param>
    /// <param name="now">When.</param>
    /// <param name="door">Where it was asked.</param>
    /// <param name="elapsed">Nanoseconds that deciding took.</param>
    /// <param name="always">Whether to keep it in any case.</param>
    public void Record(
        PolicySnapshot snapshot,
        in Decision decision,
        in RequestTrace trace,
        FactSet? facts,
        EngineTime now,
        DoorTag? door,
        long elapsed = 0,
        bool always = false)
    {
        var steps = facts is null ? default : facts.Steps;
        var kind = KindOf(decision);
        if (kind == EntryKind.Allow && !always && (uint)trace.Id.Value >= _sampledBelow && Volatile.Read(ref _recordAllUntil) <= now.Nanoseconds)
        {
            return;
        }

        var marks = default(MarkBuffer);
        var count = facts is null ? 0 : FactMarks.Fill(snapshot, facts, steps, _markKey, marks);
        var head = new EntryHead
        {
            Trace = trace,
            Decision = decision,
            Nanoseconds = now.Nanoseconds,
            Elapsed = elapsed,
            UnixMilliseconds = now.UnixMilliseconds,
            Snapshot = _shelf.NumberOf(snapshot),
            Kind = kind,
            Door = (byte)Math.Max(0, Array.IndexOf(Doors, door)),
        };
        if ((kind == EntryKind.Allow ? _allows : _notable).TryAdd(ref head, steps, marks[..count]))
        {
            Interlocked.Increment(ref _recorded[(int)kind]);
        }
    }

    /// <summary>
    /// Keeps the refusal of a request that had been admitted: a kill switch, a full queue, an upstream that is gone. The snapshot is the one that
    /// the refusal was taken by, which a kill switch that came meanwhile is numbered by.
    /// </summary>
    public void RecordLate(in DecidedRequest refused, DoorTag? door) =>
        Record(refused.Snapshot, refused.Decision, refused.Trace, facts: null, _clock.Now, door);

    /// <summary>
    /// Keeps the decision of a stream that a limit has ended, unless it is kept already: what it decided on is gone, but what became of its tokens is known.
    /// </summary>
    public void RecordCut(in DecidedRequest decided, DoorTag? door)
    {
        if (Find(decided.Trace.Id) is null)
        {
            Record(decided.Snapshot, decided.Decision, decided.Trace, facts: null, _clock.Now, door, always: true);
        }
    }

    /// <summary>What is known of a decision, or null when it was never kept or is no longer.</summary>
    public RecordedDecision? Find(DecisionId id) => FindIn(_notable, id) ?? FindIn(_allows, id);

    /// <summary>The newest decisions, newest first.</summary>
    /// <param name="limit">How many at most.</param>
    /// <param name="wanted">Which.</param>
    public ImmutableArray<RecentDecision> Recent(int limit, Func<RecentDecision, bool> wanted)
    {
        var found = Newest(_notable, limit, wanted).Concat(Newest(_allows, limit, wanted));
        return [.. found.OrderByDescending(entry => entry.Time).Take(limit)];
    }

    private static EntryKind KindOf(in Decision decision)
    {
        if (decision.Verdict == Verdict.Reject)
        {
            return EntryKind.Refusal;
        }

        if (decision.Verdict != Verdict.Allow)
        {
            return EntryKind.Warning;
        }

        return decision.ShadowReason != Reason.None || decision.Disagreements > 0 ? EntryKind.Shadow : EntryKind.Allow;
    }

    private bool IsKept(in EntryHead head) => _clock.Now.Nanoseconds - head.Nanoseconds < _keepNanoseconds;

    // The newest, when a request that was let wait was refused after all: both are known by one id.
    private RecordedDecision? FindIn(ExplainRing ring, DecisionId id)
    {
        var newest = -1L;
        EntryHead told = default;
        for (var place = 0; place < ring.Capacity; place++)
        {
            var position = ring.PositionAt(place);
            if (position > newest && ring.TryReadHead(position, out var head) && head.Trace.Id == id)
            {
                newest = position;
                told = head;
            }
        }

        return newest >= 0 && IsKept(in told) && ring.TryReadRest(newest, in told, out var steps, out var marks) ? Told(in told, steps, marks) : null;
    }

    private RecordedDecision Told(in EntryHead head, DecisionStep[] steps, FactMark[] marks)
    {
        var context = head.Trace.Context;
        return new RecordedDecision
        {
            Decision = head.Decision,
            Snapshot = _shelf.Of(head.Snapshot),
            Time = DateTimeOffset.FromUnixTimeMilliseconds(head.UnixMilliseconds),
            ElapsedNanoseconds = head.Elapsed,
            Steps = [.. steps],
            StepsOmitted = head.StepsConsidered - head.StepsKept,
            Marks = [.. marks],
            MarkKey = _markKey,
            Settled = _settlements.Find(head.Trace.Id),
            Id = head.Trace.Id.ToString(),
            Door = Doors[head.Door].Name,
            Trace = new StoryTrace(
                context.TraceId.ToString("x32", CultureInfo.InvariantCulture),
                context.SpanId.ToString("x16", CultureInfo.InvariantCulture),
                context.IsContinued ? context.ParentId.ToString("x16", CultureInfo.InvariantCulture) : null),
        };
    }

    private IEnumerable<RecentDecision> Newest(ExplainRing ring, int limit, Func<RecentDecision, bool> wanted)
    {
        foreach (var position in Positions(ring))
        {
            if (limit == 0)
            {
                yield break;
            }

            if (!ring.TryReadHead(position, out var head) || !IsKept(in head))
            {
                continue;
            }

            var entry = RecentDecision.Of(head, _shelf.Of(head.Snapshot), Doors[head.Door].Name);
            if (wanted(entry))
            {
                limit--;
                yield return entry;
            }
        }
    }

    // From the newest down; at last what is older than a whole turn of the ring, because whoever was to overwrite it found it in use.
    private static IEnumerable<long> Positions(ExplainRing ring)
    {
        var newest = ring.Newest;
        for (var position = newest; position > newest - ring.Capacity && position >= 0; position--)
        {
            yield return position;
        }

        for (var place = 0; place < ring.Capacity; place++)
        {
            var position = ring.PositionAt(place);
            if (position >= 0 && position <= newest - ring.Capacity)
            {
                yield return position;
            }
        }
    }
}
