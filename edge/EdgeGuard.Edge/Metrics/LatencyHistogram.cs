namespace EdgeGuard.Edge.Metrics;

/// <summary>A histogram of durations with fixed bounds. Counting takes two atomic additions; buckets are added up when shown.</summary>
internal sealed class LatencyHistogram
{
    // From 1 microsecond, what an engine decision costs, to 1 second, what only a stalled machine needs.
    private static readonly long[] Bounds =
    [
        1_000, 2_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000,
        50_000_000, 100_000_000, 250_000_000, 1_000_000_000,
    ];

    private readonly long[] _counts = new long[Bounds.Length + 1];
    private long _sum;

    /// <summary>Counts one duration.</summary>
    public void Record(long nanoseconds)
    {
        var bucket = 0;
        while (bucket < Bounds.Length && nanoseconds > Bounds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref _counts[bucket]);
        Interlocked.Add(ref _sum, nanoseconds);
    }

    /// <summary>Writes the family in seconds.</summary>
    public void Write(MetricWriter writer, string name, string help)
    {
        writer.Family(name, "histogram", help);
        var total = 0L;
        for (var i = 0; i < Bounds.Length; i++)
        {
            total += Interlocked.Read(ref _counts[i]);
            writer.SamplePart("_bucket", total, ("le", (Bounds[i] / 1e9m).ToString("0.#########")));
        }

        total += Interlocked.Read(ref _counts[Bounds.Length]);
        writer.SamplePart("_bucket", total, ("le", "+Inf"));
        writer.SamplePart("_sum", Interlocked.Read(ref _sum) / 1e9);
        writer.SamplePart("_count", total);
    }
}
