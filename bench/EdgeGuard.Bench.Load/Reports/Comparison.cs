using System.Globalization;

namespace EdgeGuard.Bench.Load.Reports;

/// <summary>What the runs of a comparison say together.</summary>
internal sealed class Comparison
{
    /// <summary>nginx's own rounds differ by more than this share of their median: the machine was busy with something else.</summary>
    public const double NoisySpread = 0.10;

    private readonly Dictionary<string, LaneSummary> _lanes = new(StringComparer.Ordinal);

    public Comparison(IEnumerable<MeasuredRun> runs, IReadOnlyDictionary<string, string> facts)
    {
        Facts = facts;
        double ticks = Fact("ticks_per_second") ?? 100;
        foreach (IGrouping<string, MeasuredRun> lane in runs.GroupBy(run => run.Lane, StringComparer.Ordinal))
        {
            Lanes.Add(new LaneSummary(lane.Key, [.. lane], ticks));
            _lanes.Add(lane.Key, Lanes[^1]);
        }
    }

    /// <summary>In the order of their first run.</summary>
    public List<LaneSummary> Lanes { get; } = [];

    public IReadOnlyDictionary<string, string> Facts { get; }

    public bool IsNoisy => NginxSpread is not { } spread || spread > NoisySpread;

    /// <summary>The greater spread of nginx's two bars; null when there are none.</summary>
    public double? NginxSpread => new[] { "nginx_return", "nginx_proxy" }.Max(name => _lanes.GetValueOrDefault(name)?.Spread);

    public int Failed => Lanes.Sum(lane => lane.Failed);

    public double? P50Delta => Of("decision_1rule")?.P50 - Of("nginx_return")?.P50;

    public double? FreshTokensP99 => Statistics.Median(Of("decision_5rules")?.Of("fresh").Select(run => run.P99) ?? []);

    public double? RssMegabytes => (Of("edge_proxy_lane") ?? Of("edge_yarp_path"))?.RssMegabytes;

    public double? RssIdleMegabytes => Fact("rss_idle_kb") / 1024;

    public LaneSummary? Of(string lane) => _lanes.GetValueOrDefault(lane);

    /// <summary>Throughput of one lane in parts of another's; null when one of them does not exist.</summary>
    public double? Ratio(string lane, string of) => Of(lane)?.RequestsPerSecond / Of(of)?.RequestsPerSecond;

    /// <summary>Core time of a request of one lane in parts of another's; steadier than throughput on a busy machine.</summary>
    public double? CpuRatio(string lane, string of) => Of(lane)?.CpuMicroseconds / Of(of)?.CpuMicroseconds;

    /// <summary>p99 of one lane at 70 % of its saturation, in parts of another's at the same rate.</summary>
    public double? SaturationRatio(string lane, string of)
        => Statistics.Median(Of(lane)?.Of("saturation").Select(run => run.P99) ?? [])
            / Statistics.Median(Of(of)?.Of("saturation").Select(run => run.P99) ?? []);

    private double? Fact(string name)
        => double.TryParse(Facts.GetValueOrDefault(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
}
