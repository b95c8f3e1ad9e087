namespace EdgeGuard.Edge.Metrics;

/// <summary>
/// A histogram of durations with fixed bounds. Counting takes two atomic additions on lines of memory that processors do not share; buckets are added up when shown.
/// </summary>
internal sealed class LatencyHistogram
{
    // From 1 microsecond, what an engine decision costs, to 1 second, what only a stalled machine needs.
    private static readonly long[] Bounds =
    [
        1_000, 2_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000,
        50_000_000, 100_000_000, 250_000_000, 1_000_000_000,
    ];

    // Buckets, the one above them and the sum, rounded up to whole lines of 64 bytes with one line between the stripes. Eight stripes take 2 KiB.
    private const int Stripes = 8;
    private const int StripeLength = 32;

    private static readonly int SumAt = Bounds.Length + 1;

    private readonly long[] _cells = new long[Stripes * StripeLength];

    /// <summary>Counts one duration.</summary>
    public void Record(long nanoseconds)
    {
        var bucket = 0;
        while (bucket < Bounds.Length && nanoseconds > Bounds[bucket])
        {
            bucket++;
        }

        var stripe = (Thread.GetCurrentProcessorId() & (Stripes - 1)) * StripeLength;
        Interlocked.Increment(ref _cells[stripe + bucket]);
        Interlocked.Add(ref _cells[stripe + SumAt], nanoseconds);
    }

    /// <summary>Writes the family in seconds.</summary>
    public void Write(MetricWriter writer, string name, string help)
    {
        writer.Family(name, "histogram", help);
        var total = 0L;
        for (var i = 0; i < Bounds.Length; i++)
        {
            total += Total(i);
            writer.SamplePart("_bucket", total, ("le", (Bounds[i] / 1e9m).ToString("0.#########")));
        }

        total += Total(Bounds.Length);
        writer.SamplePart("_bucket", total, ("le", "+Inf"));
        writer.SamplePart("_sum", Total(SumAt) / 1e9);
        writer.SamplePart("_count", total);
    }

    private long Total(int cell)
    {
        var total = 0L;
        for (var stripe = 0; stripe < _cells.Length; stripe += StripeLength)
        {
            total += Interlocked.Read(ref _cells[stripe + cell]);
        }

        return total;
    }
}
