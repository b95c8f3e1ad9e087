namespace EdgeGuard.Edge.Telemetry;

/// <summary>
/// Where everything lies in counter memory. All numbers are little-endian.
/// <code>
/// 0          header, 4 096 bytes (CounterHeader)
/// 4 096      8 stripes, each: 4 096 series counters, then 16 latency counters, 8 bytes each
/// 267 264    4 096 names of 1 024 bytes (SeriesName)
/// </code>
/// </summary>
internal static class CounterLayout
{
    public const int HeaderBytes = 4096;

    /// <summary>Most series at once; what finds no room is counted under <c>other</c>.</summary>
    public const int Capacity = 4096;

    /// <summary>
    /// Copies of each counter, chosen by processor and summed when read: one shared counter costs about ten times as much as an own one once
    /// several cores count the same outcome. 8 copies take 257 KiB.
    /// </summary>
    public const int Stripes = 8;

    /// <summary>One a bucket of <see cref="Contracts.TelemetryBatch.LatencyBuckets"/>, one for what lies above, one spare for alignment.</summary>
    public const int LatencySlots = 16;

    public const int StripeSlots = Capacity + LatencySlots;

    public const int NameBytes = 1024;

    public const int NamesOffset = HeaderBytes + (Stripes * StripeSlots * sizeof(long));

    public const int TotalBytes = NamesOffset + (Capacity * NameBytes);
}
