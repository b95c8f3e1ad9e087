using System.Globalization;

namespace EdgeGuard.Bench.Load.Reports;

/// <summary>What the runs of a comparison say together.</summary>
internal sealed class Comparison
{
    /// <summary>nginx's own rounds differ by more than this share of their median: the machine is not the same all the time.</summary>
    public const double SteadySpread = 0.10;

    private readonly Dictionary<string, LaneSummary> _lanes = new(StringComparer.Ordinal);

    public Comparison(IEnumerable<MeasuredRun> runs, IReadOnlyDictionary<string, string> facts)
    {
        Facts = facts;
        foreach (IGrouping<string, MeasuredRun> lane in runs.GroupBy(run => run.Lane, StringComparer.Ordinal))
        {
            Lanes.Add(new LaneSummary(lane.Key, [.. lane]));
            _lanes.Add(lane.Key, Lanes[^1]);
        }
    }

    /// <summary>In the order of their first run.</summary>
    public List<LaneSummary> Lanes { get; } = [];

    public IReadOnlyDictionary<string, string> Facts { get; }

    /// <summary>Whether a ratio of throughputs is not known to a tenth.</summary>
    public bool IsNoisy => !Bar.All(this).Any(bar => bar.Measured is not null) || Bar.All(this).Any(bar => bar is { IsThroughput: true, IsNoisy: true });

    /// <summary>The greater spread of nginx's two bars; null when there are none.</summary>
    public double? NginxSpread => new[] { "nginx_return", "nginx_proxy" }.Max(name => _lanes.GetValueOrDefault(name)?.Spread);

    public int Failed => Lanes.Sum(lane => lane.Failed);

    public Estimate? P50Delta => Paired("decision_1rule", "nginx_return", "rate", run => run.P50, (one, other) => one - other);

    public double? FreshTokensP99 => Statistics.Median(Of("decision_5rules_fresh")?.Of("fresh").Select(run => run.P99) ?? []);

    /// <summary>Without the counter table.</summary>
    public Estimate? RssMegabytes => new[] { "edge_proxy_lane", "edge_yarp_path" }
        .Select(name => Of(name)?.RssWithoutCountersMegabytes)
        .Max() is { } megabytes ? Estimate.Of([megabytes]) : null;

    public double? RssIdleMegabytes => Fact("rss_idle_kb") / 1024;

    public LaneSummary? Of(string lane) => _lanes.GetValueOrDefault(lane);

    /// <summary>Throughput of one lane in parts of another's in the same round; null when one of them does not exist.</summary>
    public Estimate? Ratio(string lane, string of) => Paired(lane, of, "max", run => run.RequestsPerSecond, (one, other) => one / other);

    /// <summary>Core time of a request of one lane in parts of another's in the same round.</summary>
    public Estimate? CpuRatio(string lane, string of) => Paired(lane, of, "max", run => run.CpuMicroseconds ?? 0, (one, other) => one / other);

    /// <summary>p99 of one lane at 70 % of its saturation, in parts of another's at the same rate.</summary>
    public Estimate? SaturationRatio(string lane, string of) => Paired(lane, of, "saturation", run => run.P99, (one, other) => one / other);

    // Round by round: within a second or two the machine is more or less the same, within a minute it need not be.
    private Estimate? Paired(string lane, string of, string phase, Func<MeasuredRun, double> value, Func<double, double, double> compare)
    {
        if (Of(lane) is not { } one || Of(of) is not { } other)
        {
            return null;
        }

        Dictionary<int, double> others = other.Of(phase).ToDictionary(run => run.Round, value);
        return Estimate.Of(one.Of(phase).Where(run => others.GetValueOrDefault(run.Round) > 0).Select(run => compare(value(run), others[run.Round])));
    }

    private double? Fact(string name)
        => double.TryParse(Facts.GetValueOrDefault(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
}
