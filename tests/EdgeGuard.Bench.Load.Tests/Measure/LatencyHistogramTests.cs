using EdgeGuard.Bench.Load.Measure;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGuard.Bench.Load.Tests.Measure;

public sealed class LatencyHistogramTests
{
    private static readonly double[] Percents = [0, 1, 50, 90, 99, 99.9, 100];

    [Fact]
    public void Percentile_OfNothing_IsZero() => Assert.Equal(0, new LatencyHistogram().Percentile(99));

    [Fact]
    public void Percentile_OfAnyValues_IsWithinTheStatedErrorOfTheExactOne()
        => Prop.ForAll(ArbMap.Default.ArbFor<long[]>(), Spans, (values, bits) =>
        {
            // From nanoseconds to minutes: numbers of every length.
            long[] sorted = [.. values.Select((value, index) => (value & long.MaxValue) >> (63 - ((bits + index) % 40 + 1))).Order()];
            LatencyHistogram histogram = new();
            foreach (long value in sorted)
            {
                histogram.Record(value);
            }

            return Array.TrueForAll(Percents, percent => IsNear(histogram.Percentile(percent), Exact(sorted, percent)));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(1_000_000)]
    [InlineData((1L << 40) - 1)]
    public void Percentile_OfTwoNeighbours_IsTheLowerBucketsTop(long value)
    {
        LatencyHistogram histogram = new();
        histogram.Record(value);
        histogram.Record(LatencyHistogram.Greatest);

        long median = histogram.Percentile(50);

        Assert.InRange(median, value, value + (long)(value * LatencyHistogram.RelativeError));
    }

    [Theory]
    [InlineData(50, 500)]
    [InlineData(99, 990)]
    [InlineData(99.9, 999)]
    [InlineData(100, 1000)]
    public void Percentile_OfAThousandValues_HasTheNearestRank(double percent, long rank)
    {
        LatencyHistogram histogram = new();
        for (int i = 1; i <= 1000; i++)
        {
            histogram.Record(i <= rank ? 7 : 200);
        }

        Assert.Equal(7, histogram.Percentile(percent));
    }

    [Fact]
    public void Record_BeyondTheGreatest_CountsAsTheGreatest()
    {
        LatencyHistogram histogram = new();
        histogram.Record(long.MaxValue);
        histogram.Record(-5);

        Assert.Equal(LatencyHistogram.Greatest, histogram.Max);
        Assert.Equal(0, histogram.Min);
        Assert.Equal(2, histogram.Count);
    }

    [Fact]
    public void Add_OfAnotherHistogram_IsAsIfAllHadBeenRecordedInOne()
        => Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), ArbMap.Default.ArbFor<int[]>(), (left, right) =>
        {
            LatencyHistogram one = Of(left);
            one.Add(Of(right));
            LatencyHistogram all = Of([.. left, .. right]);
            return one.Count == all.Count && one.Max == all.Max && one.Min == all.Min
                && Array.TrueForAll(Percents, percent => one.Percentile(percent) == all.Percentile(percent));
        }).QuickCheckThrowOnFailure();

    private static Arbitrary<int> Spans => Gen.Choose(0, 39).ToArbitrary();

    private static LatencyHistogram Of(IEnumerable<int> values)
    {
        LatencyHistogram histogram = new();
        foreach (int value in values)
        {
            histogram.Record(value & int.MaxValue);
        }

        return histogram;
    }

    private static long Exact(long[] sorted, double percent)
        => sorted.Length == 0 ? 0 : sorted[(int)Math.Clamp(Math.Ceiling((percent / 100 * sorted.Length) - 1e-9), 1, sorted.Length) - 1];

    private static bool IsNear(long reported, long exact) => reported >= exact && reported - exact <= exact * LatencyHistogram.RelativeError;
}
