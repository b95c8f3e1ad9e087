namespace EdgeGuard.Bench.Load.Reports;

/// <summary>All runs of one lane.</summary>
internal sealed class LaneSummary(string name, IReadOnlyList<MeasuredRun> runs)
{
    public string Name => name;

    public double[] Rounds { get; } = [.. runs.Where(run => run.Phase == "max").Select(run => run.RequestsPerSecond)];

    public double? RequestsPerSecond => Statistics.Median(Rounds);

    public double? Spread => Statistics.Spread(Rounds);

    /// <summary>Microseconds of core time for each request at saturation, round by round; none of a server that is not ours.</summary>
    public double[] CpuRounds => [.. Of("max").Select(run => run.CpuMicroseconds).OfType<double>()];

    /// <summary>Microseconds of core time for each request at saturation; null for a server that is not ours.</summary>
    public double? CpuMicroseconds => Statistics.Median(CpuRounds);

    /// <summary>Share of its core that it has used at saturation: clearly below 1 the client was the slower of the two.</summary>
    public double? Busy => Statistics.Median(Of("max").Where(run => run.CpuMicroseconds is not null).Select(run => run.CpuMicroseconds!.Value * run.RequestsPerSecond / 1e6));

    /// <summary>Core time of a request in the slices of the warm-up.</summary>
    public double[] WarmUp => [.. Of("warm-up").Select(run => run.CpuMicroseconds).OfType<double>()];

    public double? P50 => Statistics.Median(Of("rate").Select(run => run.P50));

    public double? P99 => Statistics.Median(Of("rate").Select(run => run.P99));

    public double? P999 => Statistics.Median(Of("rate").Select(run => run.P999));

    public double? ClientLagP99 => Statistics.Median(Of("rate").Select(run => run.ClientLagP99));

    /// <summary>Megabytes after the last run; null for a server that is not ours.</summary>
    public double? RssMegabytes => runs.Count > 0 && runs[^1].RssKilobytes > 0 ? runs[^1].RssKilobytes / 1024.0 : null;

    /// <summary>The same without the counter table.</summary>
    public double? RssWithoutCountersMegabytes => RssMegabytes is { } megabytes ? megabytes - (runs[^1].CountersKilobytes / 1024.0) : null;

    public int Failed => runs.Count(run => !run.Ok);

    public IEnumerable<MeasuredRun> Of(string phase) => runs.Where(run => run.Phase == phase);
}
