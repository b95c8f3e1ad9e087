using System.Globalization;
using System.Text.Json;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.KillSwitches;
using EdgeGuard.Edge.State;

namespace EdgeGuard.Edge.Telemetry;

/// <summary>
/// The exact count of what was decided, from the first decision to its acknowledgement.
/// <para>
/// Counters are cumulative and mapped; a batch is their difference to the last frozen batch. Freezing writes the batch together with the
/// counts that it reaches to in one atomic replacement, before anything is sent. From then on these bytes are what is sent until they are
/// acknowledged; meanwhile later intervals merge by themselves in the counters, so an outage takes no more memory than an interval. After a
/// crash at any point the same bytes are sent again or the same difference is frozen; the receiver knows a batch by (edge, epoch, sequence).
/// </para>
/// Freezing and acknowledging are called by one sender at a time; reading and recording by anyone.
/// </summary>
internal sealed class TelemetryStore
{
    /// <summary>Most reports in one batch; the control plane takes no more.</summary>
    private const int MaxReports = 200;

    /// <summary>Most refused batches kept as files, the newest.</summary>
    internal const int MaxSetAside = 16;

    private readonly Lock _gate = new();
    private readonly StateDirectory _state;
    private readonly ILocalKillReports _reports;
    private readonly TimeProvider _time;
    private PendingDocument _pending;

    private TelemetryStore(StateDirectory state, ILocalKillReports reports, TimeProvider time, CounterMemory memory, PendingDocument pending)
    {
        _state = state;
        _reports = reports;
        _time = time;
        _pending = pending;
        Recorder = new DecisionRecorder(memory);
    }

    /// <summary>Counts decisions.</summary>
    public DecisionRecorder Recorder { get; }

    /// <summary>The batch to send next, or null when everything frozen is acknowledged.</summary>
    public FrozenBatch? Frozen
    {
        get
        {
            lock (_gate)
            {
                return _pending.Batch is null ? null : new FrozenBatch(_pending.BatchEpoch, _pending.BatchSequence, _pending.Batch);
            }
        }
    }

    /// <summary>Decisions counted and not yet frozen.</summary>
    public long Unfrozen
    {
        get
        {
            lock (_gate)
            {
                return Recorder.Read(flush: false).Series.Sum() - _pending.Series.Sum();
            }
        }
    }

    /// <summary>
    /// Opens what an earlier run left, or begins anew: with new counters when they are torn or foreign, and with a new epoch when it is not
    /// known how far batches were frozen, because then what is left could be counted twice.
    /// </summary>
    /// <param name="state">Where it is kept.</param>
    /// <param name="edgeId">Whose counts they are.</param>
    /// <param name="isKept">Whether anything is to be kept at all: a standalone edge tells nobody.</param>
    /// <param name="reports">Local kill switches to be reported.</param>
    /// <param name="time">For the bounds of intervals.</param>
    public static TelemetryStore Open(StateDirectory state, string edgeId, bool isKept, ILocalKillReports reports, TimeProvider time)
    {
        if (!isKept || !state.IsPersistent)
        {
            return InMemory(state, edgeId, reports, time);
        }

        try
        {
            var (memory, found, pending) = CounterFile.OpenOrCreate(state, edgeId, time);
            return new TelemetryStore(state, reports, time, memory, Continue(pending, edgeId, found));
        }
        catch (StateException)
        {
            // Reported by the state directory. Counting goes on in memory: a full disk must not stop the edge.
            return InMemory(state, edgeId, reports, time);
        }
    }

    /// <summary>
    /// The frozen batch; one is frozen now when there is none and anything was counted since. Null when there is nothing to tell.
    /// </summary>
    /// <exception cref="StateException">The batch could not be kept, so it must not be sent.</exception>
    public FrozenBatch? Freeze()
    {
        lock (_gate)
        {
            _state.ThrowIfSuspended();
            if (Frozen is { } frozen)
            {
                return frozen;
            }

            var reading = Recorder.Read(flush: true);
            var reports = _reports.Pending.Where(report => report.Number > _pending.ReportsThrough).Take(MaxReports).ToList();
            var decisions = Difference(reading);
            if (decisions.Count == 0 && reports.Count == 0)
            {
                return null;
            }

            var batch = new TelemetryBatch
            {
                EdgeId = _pending.EdgeId,
                Epoch = _pending.Epoch,
                Sequence = _pending.Sequence + 1,
                FromUnixMilliseconds = _pending.ToUnixMilliseconds,

                // A wall clock that was set back must not turn the interval around: such a batch would be refused for ever.
                ToUnixMilliseconds = Math.Max(_pending.ToUnixMilliseconds, _time.GetUtcNow().ToUnixTimeMilliseconds()),
                Decisions = decisions,
                LatencyCounts = [.. reading.Latency.Zip(_pending.Latency, (now, before) => now - before)],
                LocalKills = [.. reports.Select(report => report.Report)],
                OverflowedSeries = Enumerable.Range(0, SeriesTable.OtherSlots).Sum(slot => reading.Series[slot] - _pending.Series[slot]),
            };
            var next = _pending with
            {
                Sequence = batch.Sequence,
                ToUnixMilliseconds = batch.ToUnixMilliseconds,
                Series = reading.Series,
                Latency = reading.Latency,
                ReportsThrough = reports.Count == 0 ? _pending.ReportsThrough : reports[^1].Number,
                Batch = JsonSerializer.SerializeToUtf8Bytes(batch, ContractsJson.Default.TelemetryBatch),
                BatchEpoch = batch.Epoch,
                BatchSequence = batch.Sequence,
            };
            Keep(next);
            return Frozen;
        }
    }

    /// <summary>The control plane has counted a batch. An older or unknown one changes nothing.</summary>
    /// <exception cref="StateException">It could not be noted; the same batch will be sent again, which the control plane does not count.</exception>
    public void Acknowledge(FrozenBatch batch)
    {
        lock (_gate)
        {
            if (_pending.Batch is null || _pending.BatchEpoch != batch.Epoch || _pending.BatchSequence != batch.Sequence)
            {
                return;
            }

            Keep(_pending with { Batch = null, BatchEpoch = 0, BatchSequence = 0 });
            _reports.Acknowledge(_pending.ReportsThrough);
        }
    }

    /// <summary>Takes a batch that is refused for good out of the way: kept as a file for people, and later batches go on.</summary>
    /// <returns>Name of the file.</returns>
    /// <exception cref="StateException">It could not be kept, so it is still the one to send.</exception>
    public string SetAside(FrozenBatch batch)
    {
        lock (_gate)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{StateFiles.TelemetryRefusedPrefix}{batch.Epoch}-{batch.Sequence}");
            _state.Write(name, batch.Bytes);
            _state.Prune(StateFiles.TelemetryRefusedPrefix, MaxSetAside);
            Acknowledge(batch);
            return name;
        }
    }

    /// <summary>Once an interval: gives back counters of series that are no longer counted and all in frozen batches.</summary>
    public void EndInterval()
    {
        lock (_gate)
        {
            // Counts of a frozen batch are owed by these very bytes, whatever becomes of their slots.
            Recorder.Recycle(_pending.Series);
        }
    }

    private static TelemetryStore InMemory(StateDirectory state, string edgeId, ILocalKillReports reports, TimeProvider time) =>
        new(state, reports, time, CounterMemory.Plain(), PendingDocument.Empty(edgeId, CounterHeader.Create(time)));

    // Counters that are younger than what was frozen begin at zero; the frozen batch is still owed, under its own epoch.
    private static PendingDocument Continue(PendingDocument pending, string edgeId, CounterHeader found) =>
        pending.Epoch == found.Epoch
            ? pending
            : PendingDocument.Empty(edgeId, found) with
            {
                Batch = pending.Batch,
                BatchEpoch = pending.BatchEpoch,
                BatchSequence = pending.BatchSequence,
                ReportsThrough = pending.ReportsThrough,
            };

    private List<DecisionCount> Difference(CounterReading reading)
    {
        var decisions = new List<DecisionCount>();
        for (var slot = 0; slot < CounterLayout.Capacity; slot++)
        {
            var count = reading.Series[slot] - _pending.Series[slot];
            if (count > 0)
            {
                decisions.Add((reading.Names[slot] ?? SeriesTable.Nameless) with { Count = count });
            }
        }

        return decisions;
    }

    private void Keep(PendingDocument next)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(next, TelemetryJson.Default.PendingDocument);
        _state.Write(StateFiles.TelemetryPending, ChecksummedFile.Wrap(json));
        _pending = next;
    }
}
