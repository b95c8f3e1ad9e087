using System.Text.Json.Nodes;

namespace EdgeGuard.Bench.Load.Reports;

/// <summary>One line of a comparison's file of runs: what the generator has measured, and what the server has used meanwhile.</summary>
internal sealed record MeasuredRun
{
    public required string Lane { get; init; }

    /// <summary><c>max</c>, <c>rate</c>, <c>fresh</c> or <c>saturation</c>.</summary>
    public required string Phase { get; init; }

    /// <summary>Core time of the server in clock ticks; 0 for a server that is not ours.</summary>
    public required long CpuTicks { get; init; }

    public required long RssKilobytes { get; init; }

    public required double RequestsPerSecond { get; init; }

    /// <summary>Answers of the whole run, as the core time is.</summary>
    public required long Answered { get; init; }

    public required double P50 { get; init; }

    public required double P99 { get; init; }

    public required double P999 { get; init; }

    public required double ClientLagP99 { get; init; }

    public required double Rate { get; init; }

    public required bool Ok { get; init; }

    public static MeasuredRun Parse(string line)
    {
        JsonNode run = JsonNode.Parse(line)!;
        JsonNode load = run["load"]!;
        return new MeasuredRun
        {
            Lane = (string)run["lane"]!,
            Phase = (string)run["phase"]!,
            CpuTicks = (long)run["cpu_ticks"]!,
            RssKilobytes = (long)run["rss_kb"]!,
            RequestsPerSecond = (double)load["rps"]!,
            Answered = (long)load["answered"]!,
            P50 = (double)load["p50_us"]!,
            P99 = (double)load["p99_us"]!,
            P999 = (double)load["p999_us"]!,
            ClientLagP99 = (double)load["client_lag_p99_us"]!,
            Rate = (double)load["rate"]!,
            Ok = (bool)load["ok"]!,
        };
    }
}
