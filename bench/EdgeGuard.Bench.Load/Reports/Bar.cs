namespace EdgeGuard.Bench.Load.Reports;

/// <summary>Something promised of the edge, and what was measured.</summary>
/// <param name="Name">Its name in the result.</param>
/// <param name="Measured">Null when the lane does not exist.</param>
/// <param name="Wanted">The bound.</param>
/// <param name="AtMost">The bound is the greatest allowed and not the least.</param>
/// <param name="IsThroughput">Whether a comparison that knows it badly is noisy as a whole; of tail latencies one on a shared machine hardly ever knows more.</param>
internal sealed record Bar(string Name, Estimate? Measured, double Wanted, bool AtMost = false, bool IsThroughput = false)
{
    /// <summary>What is known less well than to this share is noisy.</summary>
    public const double Precision = 0.10;

    /// <summary>Whether its error is too great for it to be quoted.</summary>
    public bool IsNoisy => Measured is { } measured && measured.Error > Precision * Math.Max(Math.Abs(measured.Median), Wanted);

    /// <summary>Null when nothing was measured, or when it is noisy and the bound lies within what it may truly be.</summary>
    public bool? IsMet => Measured is not { } measured || (IsNoisy && measured.Low < Wanted && Wanted < measured.High) ? null
        : AtMost ? measured.Median <= Wanted
        : measured.Median >= Wanted;

    public static IReadOnlyList<Bar> All(Comparison comparison) =>
    [
        new("decision_1rule_vs_nginx", comparison.Ratio("decision_1rule", "nginx_return"), 0.80, IsThroughput: true),
        new("decision_5rules_vs_nginx", comparison.Ratio("decision_5rules", "nginx_return"), 0.65, IsThroughput: true),
        new("proxy_vs_nginx", comparison.Ratio("edge_proxy_lane", "nginx_proxy"), 0.80, IsThroughput: true),
        new("proxy_vs_yarp", comparison.Ratio("edge_proxy_lane", "yarp"), 3.5, IsThroughput: true),
        new("yarp_path_vs_yarp", comparison.Ratio("edge_yarp_path", "yarp"), 0.90, IsThroughput: true),
        new("p50_delta_us", comparison.P50Delta, 30, AtMost: true),
        new("p99_at_70_vs_nginx", comparison.SaturationRatio("decision_1rule", "nginx_return"), 1.5, AtMost: true),
        new("proxy_p99_at_70_vs_nginx", comparison.SaturationRatio("edge_proxy_lane", "nginx_proxy"), 1.5, AtMost: true),
        new("rss_mb", comparison.RssMegabytes, 130, AtMost: true),
    ];
}
