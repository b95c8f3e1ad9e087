using EdgeGuard.Edge.Metrics;

namespace EdgeGuard.Edge.Throttling;

/// <summary>How long throttled requests are delayed. Bounds from a tenth of a second to the longest delay there is.</summary>
internal sealed class DelayHistogram
{
    private static readonly long[] BoundsMilliseconds = [10, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000];

    private readonly long[] _counts = new long[BoundsMilliseconds.Length];
    private long _sum;

    public void Record(TimeSpan delay)
    {
        var milliseconds = (long)delay.TotalMilliseconds;
        var bucket = 0;
        while (bucket < BoundsMilliseconds.Length - 1 && milliseconds > BoundsMilliseconds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref _counts[bucket]);
        Interlocked.Add(ref _sum, milliseconds);
    }

    public void Write(MetricWriter writer, string name, string help)
    {
        writer.Family(name, "histogram", help);
        var total = 0L;
        for (var i = 0; i < BoundsMilliseconds.Length; i++)
        {
            total += Interlocked.Read(ref _counts[i]);
            writer.SamplePart("_bucket", total, ("le", (BoundsMilliseconds[i] / 1000m).ToString("0.###", System.Globalization.CultureInfo.InvariantCulture)));
        }

        writer.SamplePart("_bucket", total, ("le", "+Inf"));
        writer.SamplePart("_sum", Interlocked.Read(ref _sum) / 1e3);
        writer.SamplePart("_count", total);
    }
}
