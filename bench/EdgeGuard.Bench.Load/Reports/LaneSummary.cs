namespace EdgeGuard.Bench.Load.Reports;

/// <summary>All runs of one lane.</summary>
internal sealed class LaneSummary(string name, IReadOnlyList<MeasuredRun> runs, double ticksPerSecond)
{
    public string Name => name;

    public double[] Rounds { get; } = [.. runs.Where(run => run.Phase == "max").Select(run => run.RequestsPerSecond)];

    public double? RequestsPerSecond => Statistics.Median(Rounds);

    public double? Spread => Statistics.Spread(Rounds);

    /// <summary>Microseconds of core time for each request at saturation; null for a server that is not ours.</summary>
    public double? CpuMicroseconds => Statistics.Median(runs
        .Where(run => run.Phase == "max" && run.CpuTicks > 0 && run.Answered > 0)
        .Select(run => run.CpuTicks / ticksPerSecond * 1e6 / run.Answered));

    public double? P50 => Statistics.Median(Of("rate").Select(run => run.P50));

    public double? P99 => Statistics.Median(Of("rate").Select(run => run.P99));

    public double? P999 => Statistics.Median(Of("rate").Select(run => run.P999));

    public double? ClientLagP99 => Statistics.Median(Of("rate").Select(run => run.ClientLagP99));

    /// <summary>Megabytes after the last run; null for a server that is not ours.</summary>
    public double? RssMegabytes => runs.Count > 0 && runs[^1].RssKilobytes > 0 ? runs[^1].RssKilobytes / 1024.0 : null;

    public int Failed => runs.Count(run => !run.Ok);

    public IEnumerable<MeasuredRun> Of(string phase) => runs.Where(run => run.Phase == phase);
}
