namespace EdgeGuard.Bench.Load.Reports;

internal static class Statistics
{
    /// <summary>How often an interval may miss the true median.</summary>
    private const double Missed = 0.05;

    /// <summary>The middle value, or the mean of the two in the middle; null of nothing.</summary>
    public static double? Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Greatest minus least, as a share of the median; null of nothing.</summary>
    public static double? Spread(IReadOnlyCollection<double> values)
        => Median(values) is { } median && median > 0 ? (values.Max() - values.Min()) / median : null;

    /// <summary>
    /// Which of the sorted values, counted from 1 at either end, enclose the true median at least 19 times in 20 (the sign test; no distribution is assumed). Of fewer
    /// than six values not even the outermost do so: 1.
    /// </summary>
    public static int IntervalRank(int count)
    {
        // Each value is above the true median or below it, with the same chance: the binomial distribution says how often fewer than so many are on one side.
        double chance = Math.Pow(0.5, count);
        double outside = 0;
        int rank = 0;
        while (rank < (count + 1) / 2 && 2 * (outside + chance) <= Missed)
        {
            outside += chance;
            rank++;
            chance = chance * (count - rank + 1) / rank;
        }

        return Math.Max(1, rank);
    }
}
