namespace EdgeGuard.Bench.Load.Reports;

internal static class Statistics
{
    /// <summary>The middle value, or the mean of the two in the middle; null of nothing.</summary>
    public static double? Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? null : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Greatest minus least, as a share of the median; null of nothing.</summary>
    public static double? Spread(IReadOnlyCollection<double> values)
        => Median(values) is { } median && median > 0 ? (values.Max() - values.Min()) / median : null;
}
