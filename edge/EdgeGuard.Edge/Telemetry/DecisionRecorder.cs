using System.Runtime.CompilerServices;
using EdgeGuard.Contracts;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Telemetry;

/// <summary>
/// Counts decisions in <see cref="CounterMemory"/>: two interlocked increments a decision, no lock and no allocation once a series exists.
/// Every count is exact; what a freeze does not see yet is in the next one.
/// </summary>
internal sealed class DecisionRecorder : IDecisionRecorder
{
    private static readonly long[] LatencyBounds = [.. TelemetryBatch.LatencyBuckets];

    private readonly Lock _gate = new();
    private readonly CounterMemory _memory;
    private readonly SeriesTable _series;
    private readonly long[] _latencyStarts = new long[CounterLayout.LatencySlots];
    private volatile SeriesIndex _current = new(PolicySnapshot.Empty);

    // Decisions taken by the snapshot before are still being recorded for a moment after a swap.
    private volatile SeriesIndex? _previous;

    /// <summary>A recorder that goes on with what the memory holds.</summary>
    public DecisionRecorder(CounterMemory memory)
    {
        _memory = memory;
        _series = new SeriesTable(memory);
        for (var bucket = 0; bucket < CounterLayout.LatencySlots; bucket++)
        {
            _latencyStarts[bucket] = memory.Sum(CounterLayout.Capacity + bucket);
        }
    }

    /// <inheritdoc />
    public void Record(PolicySnapshot snapshot, in Decision decision, long nanoseconds)
    {
        var index = _current;
        if (!ReferenceEquals(index.Snapshot, snapshot))
        {
            index = IndexOf(snapshot);
        }

        var stripe = Thread.GetCurrentProcessorId() & (CounterLayout.Stripes - 1);
        Count(index, DecisionShape.Enforced(in decision), stripe);
        if (decision.ShadowReason != Reason.None)
        {
            Count(index, DecisionShape.Shadowed(in decision), stripe);
        }

        Interlocked.Increment(ref _memory.Counter(stripe, CounterLayout.Capacity + Bucket(nanoseconds)));
    }

    /// <inheritdoc />
    public IReadOnlyList<DecisionCount> Totals()
    {
        SeriesTotals totals;
        lock (_gate)
        {
            // Only numbers are read under the lock: adding them up by name takes ten times as long, and who counts a new series would wait for it.
            totals = _series.Totals();
        }

        return totals.Merge();
    }

    /// <summary>Latency counts since the process started, by bucket of <see cref="TelemetryBatch.LatencyBuckets"/> and one above.</summary>
    public long[] LatencyTotals()
    {
        var totals = ReadLatency();
        for (var bucket = 0; bucket < totals.Length; bucket++)
        {
            totals[bucket] -= _latencyStarts[bucket];
        }

        return totals;
    }

    /// <summary>All cumulative counters.</summary>
    /// <param name="flush">Whether mapped counters are flushed to the disk, so that it holds at least what was read.</param>
    public CounterReading Read(bool flush)
    {
        lock (_gate)
        {
            var series = new long[CounterLayout.Capacity];
            for (var slot = 0; slot < series.Length; slot++)
            {
                series[slot] = _memory.Sum(slot);
            }

            var reading = new CounterReading(_series.Names(), series, ReadLatency());
            if (flush)
            {
                _memory.Flush();
            }

            return reading;
        }
    }

    /// <summary>
    /// While another process takes the memory over no series is added to it: what has none is counted among the others. Nothing is lost.
    /// </summary>
    public void Close(bool closed)
    {
        lock (_gate)
        {
            if (closed)
            {
                _series.IsClosed = true;
            }
            else
            {
                _series.Reopen();
                LookAgain();
            }
        }
    }

    /// <summary>Once an interval: gives back what is no longer counted; see <see cref="SeriesTable.Recycle"/>.</summary>
    public void Recycle(long[]? frozen)
    {
        lock (_gate)
        {
            var used = new bool[CounterLayout.Capacity];
            _current.MarkUsed(used);
            _previous = null;
            _series.Recycle(used, frozen);
            LookAgain();
        }
    }

    private static int Bucket(long nanoseconds)
    {
        var bounds = LatencyBounds;
        for (var bucket = 0; bucket < bounds.Length; bucket++)
        {
            if (nanoseconds <= bounds[bucket])
            {
                return bucket;
            }
        }

        return bounds.Length;
    }

    private static string NameOf(int index, int count, Func<int, string> name) => (uint)index < (uint)count ? name(index) : string.Empty;

    private void Count(SeriesIndex index, in DecisionShape shape, int stripe)
    {
        var slot = index.Find(in shape);
        if (slot < 0)
        {
            slot = AddSeries(index, shape);
        }

        Interlocked.Increment(ref _memory.Counter(stripe, slot));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private SeriesIndex IndexOf(PolicySnapshot snapshot)
    {
        var previous = _previous;
        if (previous is not null && ReferenceEquals(previous.Snapshot, snapshot))
        {
            return previous;
        }

        lock (_gate)
        {
            if (ReferenceEquals(_current.Snapshot, snapshot))
            {
                return _current;
            }

            if (_previous is { } other && ReferenceEquals(other.Snapshot, snapshot))
            {
                return other;
            }

            _previous = _current;
            _current = new SeriesIndex(snapshot);
            return _current;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int AddSeries(SeriesIndex index, DecisionShape shape)
    {
        lock (_gate)
        {
            var slot = index.Find(in shape);
            if (slot >= 0)
            {
                return slot;
            }

            slot = _series.SlotOf(LabelsOf(index.Snapshot, shape));

            // One that found no room is remembered too, until there is room: with more outcomes than slots most decisions would take this lock.
            index.Add(in shape, slot);
            return slot;
        }
    }

    // What counts among the others may have a series of its own now. Under the lock.
    private void LookAgain()
    {
        if (_current.HasOthers && _series.FreeSlots > 0)
        {
            _current = _current.WithoutOthers();
        }
    }

    private static DecisionCount LabelsOf(PolicySnapshot snapshot, DecisionShape shape)
    {
        var killed = shape.KillSwitch >= 0;
        return new DecisionCount(
            NameOf(shape.Policy, snapshot.PolicyCount, snapshot.PolicyId),
            killed ? snapshot.KillSwitchId(shape.KillSwitch) : NameOf(shape.Rule, snapshot.RuleCount, snapshot.RuleName),
            Verdicts.Name(shape.Verdict),
            shape.Reason == Reason.None ? string.Empty : Reasons.Name(shape.Reason),
            NameOf(shape.MatchedPolicy, snapshot.PolicyCount, snapshot.PolicyRoute),
            shape.Shadow,
            snapshot.Version,
            0);
    }

    private long[] ReadLatency()
    {
        var latency = new long[LatencyBounds.Length + 1];
        for (var bucket = 0; bucket < latency.Length; bucket++)
        {
            latency[bucket] = _memory.Sum(CounterLayout.Capacity + bucket);
        }

        return latency;
    }
}
