using EdgeGuard.Bench.Load.Reports;

namespace EdgeGuard.Bench.Load.Tests.Reports;

public sealed class StatisticsTests
{
    // Tables of the sign test: two-sided, 5 %.
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 1)]
    [InlineData(6, 1)]
    [InlineData(8, 1)]
    [InlineData(9, 2)]
    [InlineData(12, 3)]
    [InlineData(15, 4)]
    [InlineData(25, 8)]
    [InlineData(100, 40)]
    public void IntervalRank_OfSoManyRounds_IsThatOfTheTables(int rounds, int rank) => Assert.Equal(rank, Statistics.IntervalRank(rounds));

    [Fact]
    public void Estimate_OfNineRounds_LeavesOutOneAtEitherEnd()
    {
        Estimate estimate = Estimate.Of([9, 1, 5, 3, 4, 6, 7, 8, 100])!;

        Assert.Equal(new Estimate(6, 3, 9), estimate);
        Assert.Equal(3, estimate.Error);
        Assert.Null(Estimate.Of([]));
    }
}
