namespace EdgeGuard.Bench.Load.Reports;

/// <summary>Something promised of the edge, and what was measured.</summary>
/// <param name="Name">Its name in the result.</param>
/// <param name="Measured">Null when the lane does not exist.</param>
/// <param name="Wanted">The bound.</param>
/// <param name="AtMost">The bound is the greatest allowed and not the least.</param>
internal sealed record Bar(string Name, double? Measured, double Wanted, bool AtMost = false)
{
    /// <summary>Null when nothing was measured.</summary>
    public bool? IsMet => Measured is { } measured ? AtMost ? measured <= Wanted : measured >= Wanted : null;

    public static IReadOnlyList<Bar> All(Comparison comparison) =>
    [
        new("decision_1rule_vs_nginx", comparison.Ratio("decision_1rule", "nginx_return"), 0.80),
        new("decision_5rules_vs_nginx", comparison.Ratio("decision_5rules", "nginx_return"), 0.65),
        new("proxy_vs_nginx", comparison.Ratio("edge_proxy_lane", "nginx_proxy"), 0.80),
        new("proxy_vs_yarp", comparison.Ratio("edge_proxy_lane", "yarp"), 3.5),
        new("yarp_path_vs_yarp", comparison.Ratio("edge_yarp_path", "yarp"), 0.90),
        new("p50_delta_us", comparison.P50Delta, 30, AtMost: true),
        new("p99_at_70_vs_nginx", comparison.SaturationRatio("decision_1rule", "nginx_return"), 1.5, AtMost: true),
        new("proxy_p99_at_70_vs_nginx", comparison.SaturationRatio("edge_proxy_lane", "nginx_proxy"), 1.5, AtMost: true),
        new("rss_mb", comparison.RssMegabytes, 130, AtMost: true),
    ];
}
