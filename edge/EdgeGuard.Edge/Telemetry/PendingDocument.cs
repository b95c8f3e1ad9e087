using System.Text.Json;

namespace EdgeGuard.Edge.Telemetry;

/// <summary>What the file <c>telemetry.pending</c> holds: how far batches have been frozen, and the one that is not acknowledged yet.</summary>
internal sealed record PendingDocument
{
    /// <summary>Edge that the batches are of; another edge's state is not sent under this one's name.</summary>
    public required string EdgeId { get; init; }

    /// <summary>Epoch of the counters that <see cref="Series"/> belongs to.</summary>
    public required long Epoch { get; init; }

    /// <summary>Newest sequence frozen in that epoch; 0 for none.</summary>
    public required long Sequence { get; init; }

    /// <summary>End of the newest frozen interval.</summary>
    public required long ToUnixMilliseconds { get; init; }

    /// <summary>Cumulative counts by slot that frozen batches reach to.</summary>
    public required long[] Series { get; init; }

    /// <summary>Cumulative latency counts that frozen batches reach to.</summary>
    public required long[] Latency { get; init; }

    /// <summary>Newest local kill report in a frozen batch.</summary>
    public long ReportsThrough { get; init; }

    /// <summary>The frozen batch, or null when all are acknowledged.</summary>
    public byte[]? Batch { get; init; }

    /// <summary>Epoch of <see cref="Batch"/>: an older one when the counters were lost after it was frozen.</summary>
    public long BatchEpoch { get; init; }

    /// <summary>Sequence of <see cref="Batch"/>.</summary>
    public long BatchSequence { get; init; }

    /// <summary>Nothing frozen yet.</summary>
    public static PendingDocument Empty(string edgeId, CounterHeader header) => new()
    {
        EdgeId = edgeId,
        Epoch = header.Epoch,
        Sequence = 0,
        ToUnixMilliseconds = header.CreatedUnixMilliseconds,
        Series = new long[CounterLayout.Capacity],
        Latency = new long[CounterLayout.LatencySlots - 1],
    };

    /// <summary>Reads; null when it is not such a document.</summary>
    public static PendingDocument? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var document = JsonSerializer.Deserialize(json, TelemetryJson.Default.PendingDocument);
            return document is { Series.Length: CounterLayout.Capacity, Latency.Length: CounterLayout.LatencySlots - 1 } ? document : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
