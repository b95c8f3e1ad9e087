namespace EdgeGuard.Bench.Load.Reports;

/// <summary>A median, and between what the true one lies: 19 times in 20, as far as the rounds are independent.</summary>
/// <param name="Median">The median of the rounds.</param>
/// <param name="Low">Not below this.</param>
/// <param name="High">Not above this.</param>
internal sealed record Estimate(double Median, double Low, double High)
{
    /// <summary>How far it may be off.</summary>
    public double Error => (High - Low) / 2;

    /// <summary>From the rounds; null of none.</summary>
    public static Estimate? Of(IEnumerable<double> rounds)
    {
        double[] sorted = [.. rounds.Order()];
        if (Statistics.Median(sorted) is not { } median)
        {
            return null;
        }

        int rank = Statistics.IntervalRank(sorted.Length);
        return new Estimate(median, sorted[rank - 1], sorted[^rank]);
    }
}
