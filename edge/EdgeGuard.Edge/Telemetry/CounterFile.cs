using System.Text.Json;
using EdgeGuard.Edge.State;

namespace EdgeGuard.Edge.Telemetry;

/// <summary>Opens the mapped counters and the pending document as a pair that fits together, or begins a new pair.</summary>
internal static class CounterFile
{
    /// <summary>The counters, their header, and how far they were frozen.</summary>
    public static (CounterMemory Memory, CounterHeader Header, PendingDocument Pending) OpenOrCreate(
        StateDirectory state, string edgeId, TimeProvider time)
    {
        var pending = ReadPending(state, edgeId);
        var opened = pending is null ? SetAsideOrphan(state) : OpenExisting(state, pending);
        if (opened is { } existing)
        {
            return (existing.Memory, existing.Header, pending!);
        }

        var header = CounterHeader.Create(time);
        if (pending is null)
        {
            // Before the counters: counters without this file are taken for an accident.
            pending = PendingDocument.Empty(edgeId, header);
            state.Write(
                StateFiles.TelemetryPending,
                ChecksummedFile.Wrap(JsonSerializer.SerializeToUtf8Bytes(pending, TelemetryJson.Default.PendingDocument)));
        }

        return (Create(state, header), header, pending);
    }

    private static PendingDocument? ReadPending(StateDirectory state, string edgeId)
    {
        const string Consequence = "counts that were not sent yet are dropped, because they could be counted twice";
        var content = state.ReadChecksummed(StateFiles.TelemetryPending, Consequence);
        if (content is null)
        {
            return null;
        }

        var pending = PendingDocument.Read(content);
        if (pending is null)
        {
            state.SetAside(StateFiles.TelemetryPending, Consequence);
        }
        else if (pending.EdgeId != edgeId)
        {
            state.SetAside(
                StateFiles.TelemetryPending, $"it belongs to edge {pending.EdgeId}, and its unsent counts are not sent as those of {edgeId}");
            pending = null;
        }

        return pending;
    }

    private static (CounterMemory Memory, CounterHeader Header)? SetAsideOrphan(StateDirectory state)
    {
        if (File.Exists(state.PathOf(StateFiles.TelemetryCounters)))
        {
            state.SetAside(StateFiles.TelemetryCounters, "without telemetry.pending it is not known which of its counts were sent");
        }

        return null;
    }

    private static (CounterMemory Memory, CounterHeader Header)? OpenExisting(StateDirectory state, PendingDocument pending)
    {
        var path = state.PathOf(StateFiles.TelemetryCounters);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var memory = CounterMemory.Map(path);
            if (CounterHeader.Read(memory.Header) is not { } header)
            {
                state.SetAside(StateFiles.TelemetryCounters, "counting starts anew; counts that were not sent yet are dropped");
                return null;
            }

            if (header.Epoch != pending.Epoch || ReachesTo(memory, pending))
            {
                return (memory, header);
            }

            // Only a loss of power does this: the pages of the mapping were written out of order or not at all.
            state.SetAside(StateFiles.TelemetryCounters, "it holds less than was sent already; counting starts anew");
        }
        catch (Exception failure) when (failure is IOException and not StateException or UnauthorizedAccessException)
        {
            state.SetAside(StateFiles.TelemetryCounters, $"it cannot be mapped ({failure.Message}); counting starts anew");
        }

        return null;
    }

    private static bool ReachesTo(CounterMemory memory, PendingDocument pending)
    {
        for (var slot = 0; slot < CounterLayout.Capacity; slot++)
        {
            if (memory.Sum(slot) < pending.Series[slot])
            {
                return false;
            }
        }

        for (var bucket = 0; bucket < pending.Latency.Length; bucket++)
        {
            if (memory.Sum(CounterLayout.Capacity + bucket) < pending.Latency[bucket])
            {
                return false;
            }
        }

        return true;
    }

    // Every byte is written, not only the length set: a store to a hole of a sparse mapping on a full disk kills the process (SIGBUS).
    private static CounterMemory Create(StateDirectory state, CounterHeader header)
    {
        var content = new byte[CounterLayout.TotalBytes];
        header.Write(content);
        state.Write(StateFiles.TelemetryCounters, content);
        return CounterMemory.Map(state.PathOf(StateFiles.TelemetryCounters));
    }
}
