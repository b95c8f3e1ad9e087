using System.Text.Json.Nodes;

namespace EdgeGuard.Bench.Load.Reports;

/// <summary>One line of a comparison's file of runs: what the generator has measured, and what the server has used meanwhile.</summary>
internal sealed record MeasuredRun
{
    public required string Lane { get; init; }

    /// <summary><c>warm-up</c>, <c>max</c>, <c>rate</c>, <c>fresh</c>, <c>probe</c>, <c>saturation</c> or, without a load, <c>memory</c>.</summary>
    public required string Phase { get; init; }

    public int Round { get; init; }

    /// <summary>Core time of the server; 0 for a server that is not ours.</summary>
    public long CpuNanoseconds { get; init; }

    public long RssKilobytes { get; init; }

    /// <summary>What of that is the counter table; told at the end only.</summary>
    public long CountersKilobytes { get; init; }

    public double RequestsPerSecond { get; init; }

    /// <summary>Answers of the whole run, as the core time is.</summary>
    public long Answered { get; init; }

    public double P50 { get; init; }

    public double P99 { get; init; }

    public double P999 { get; init; }

    public double ClientLagP99 { get; init; }

    public double Rate { get; init; }

    public bool Ok { get; init; } = true;

    /// <summary>Core time of a request; null when it is not known.</summary>
    public double? CpuMicroseconds => CpuNanoseconds > 0 && Answered > 0 ? CpuNanoseconds / 1000.0 / Answered : null;

    public static MeasuredRun Parse(string line)
    {
        JsonNode run = JsonNode.Parse(line)!;
        MeasuredRun told = new()
        {
            Lane = (string)run["lane"]!,
            Phase = (string)run["phase"]!,
            RssKilobytes = (long)run["rss_kb"]!,
            CountersKilobytes = (long?)run["counters_kb"] ?? 0,
        };
        return run["load"] is not { } load ? told : told with
        {
            Round = (int)run["round"]!,
            CpuNanoseconds = (long)run["cpu_ns"]!,
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
