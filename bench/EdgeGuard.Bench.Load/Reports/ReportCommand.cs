using System.Globalization;
using System.Text.Json.Nodes;

namespace EdgeGuard.Bench.Load.Reports;

/// <summary>Turns the runs of a comparison into a table and, on the last line, one JSON object.</summary>
internal static class ReportCommand
{
    /// <param name="folder">Holds <c>runs.jsonl</c>, and <c>meta.txt</c> with <c>name=value</c> lines about machine and command.</param>
    /// <param name="output">Where both go.</param>
    /// <returns>1 when an answer was wrong.</returns>
    public static int Run(string folder, TextWriter output)
    {
        Dictionary<string, string> facts = File.ReadLines(Path.Combine(folder, "meta.txt"))
            .Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        Comparison comparison = new(File.ReadLines(Path.Combine(folder, "runs.jsonl")).Select(MeasuredRun.Parse), facts);
        WriteTable(comparison, output);
        output.WriteLine(Json(comparison).ToJsonString());
        return comparison.Failed == 0 ? 0 : 1;
    }

    private static void WriteTable(Comparison comparison, TextWriter output)
    {
        foreach (string name in new[] { "command", "commit", "date", "cpu", "kernel", "cores_used" })
        {
            output.WriteLine($"{name}: {comparison.Facts.GetValueOrDefault(name, "unknown")}");
        }

        output.WriteLine();
        output.WriteLine($"{"lane",-24}{"answers/s",11}{"spread",8}{"busy",7}{"CPU us",8}{"p50 us",9}{"p99 us",9}{"RSS MB",8}{"failed",8}");
        foreach (LaneSummary lane in comparison.Lanes)
        {
            output.WriteLine(
                $"{lane.Name,-24}{Text(lane.RequestsPerSecond, "0"),11}{Share(lane.Spread),8}{Share(lane.Busy),7}{Text(lane.CpuMicroseconds, "0.0"),8}{Text(lane.P50, "0"),9}{Text(lane.P99, "0"),9}{Text(lane.RssMegabytes, "0"),8}{lane.Failed,8}");
        }

        if (comparison.Of("edge_proxy_lane") is null)
        {
            output.WriteLine($"{"edge_proxy_lane",-24}this edge has no proxy lane of its own yet: what it forwards goes through YARP (edge_yarp_path)");
        }

        output.WriteLine();
        foreach (Bar bar in Bar.All(comparison))
        {
            string verdict = bar switch { { Measured: null } => "not measured", { IsMet: null } => "noisy: not judged", { IsMet: true } => "met", _ => "NOT met" };
            string range = bar.Measured is { } measured ? FormattableString.Invariant($"{measured.Low:0.00} to {measured.High:0.00}") : "-";
            output.WriteLine(
                $"{bar.Name,-28}{Text(bar.Measured?.Median, "0.00"),10}  ({range})  wanted {(bar.AtMost ? "at most" : "at least")} {Text(bar.Wanted, "0.##"),-5} {verdict}");
        }

        output.WriteLine();
        output.WriteLine(comparison.IsNoisy
            ? FormattableString.Invariant($"NOISY: a ratio of throughputs is not known to {Bar.Precision * 100:0} %. Do not quote these figures.")
            : FormattableString.Invariant($"Every ratio of throughputs is known to {Bar.Precision * 100:0} %: each is the median of its rounds, and in brackets stands where the true one lies 19 times in 20."));
        if (comparison.NginxSpread is { } spread)
        {
            output.WriteLine(spread > Comparison.SteadySpread
                ? FormattableString.Invariant($"The machine was not steady: nginx's own rounds differ by {spread * 100:0} %. Rates are no figures to quote then; ratios are of rounds of the same second.")
                : FormattableString.Invariant($"The machine was steady: nginx's own rounds differ by {spread * 100:0} %."));
        }

        if (comparison.Failed > 0)
        {
            output.WriteLine($"FAILED: {comparison.Failed} runs had wrong, broken or missing answers. Their figures mean nothing.");
        }
    }

    private static JsonObject Json(Comparison comparison)
    {
        JsonObject result = [];
        foreach (Bar bar in Bar.All(comparison))
        {
            result[bar.Name] = Number(bar.Measured?.Median, 3);
        }

        result["decision_1rule_cpu_vs_nginx"] = Number(comparison.CpuRatio("decision_1rule", "nginx_return")?.Median, 3);
        result["decision_5rules_cpu_vs_nginx"] = Number(comparison.CpuRatio("decision_5rules", "nginx_return")?.Median, 3);
        result["proxy_cpu_vs_nginx"] = Number(comparison.CpuRatio("edge_proxy_lane", "nginx_proxy")?.Median, 3);
        result["yarp_path_cpu_vs_yarp"] = Number(comparison.CpuRatio("edge_yarp_path", "yarp")?.Median, 3);
        result["rss_idle_mb"] = Number(comparison.RssIdleMegabytes, 1);
        result["fresh_tokens_p99_us"] = Number(comparison.FreshTokensP99, 1);
        result["noisy"] = comparison.IsNoisy;
        result["nginx_spread"] = Number(comparison.NginxSpread, 3);
        result["failed_runs"] = comparison.Failed;
        result["missing_lanes"] = comparison.Of("edge_proxy_lane") is null ? new JsonArray("edge_proxy_lane") : [];
        result["noisy_bars"] = new JsonArray([.. Bar.All(comparison).Where(bar => bar.IsNoisy).Select(bar => JsonValue.Create(bar.Name))]);
        JsonObject met = [];
        JsonObject ranges = [];
        foreach (Bar bar in Bar.All(comparison))
        {
            met[bar.Name] = bar.IsMet;
            ranges[bar.Name] = bar.Measured is { } measured ? new JsonArray(Number(measured.Low, 3), Number(measured.High, 3)) : null;
        }

        result["met"] = met;
        result["ranges"] = ranges;
        JsonObject lanes = [];
        foreach (LaneSummary lane in comparison.Lanes)
        {
            lanes[lane.Name] = Json(lane);
        }

        result["lanes"] = lanes;
        JsonObject facts = [];
        foreach ((string name, string value) in comparison.Facts)
        {
            facts[name] = value;
        }

        result["run"] = facts;
        return result;
    }

    private static JsonObject Json(LaneSummary lane)
    {
        JsonArray saturation = [.. lane.Of("saturation").Select(run => new JsonObject { ["rate"] = run.Rate, ["p50_us"] = run.P50, ["p99_us"] = run.P99, ["p999_us"] = run.P999 })];
        return new JsonObject
        {
            ["rps"] = Number(lane.RequestsPerSecond, 0),
            ["rounds"] = new JsonArray([.. lane.Rounds.Select(round => JsonValue.Create(Math.Round(round)))]),
            ["spread"] = Number(lane.Spread, 3),
            ["busy"] = Number(lane.Busy, 3),
            ["cpu_us"] = Number(lane.CpuMicroseconds, 2),
            ["cpu_rounds"] = new JsonArray([.. lane.CpuRounds.Select(round => JsonValue.Create(Math.Round(round, 2)))]),
            ["warm_up_cpu"] = new JsonArray([.. lane.WarmUp.Select(slice => JsonValue.Create(Math.Round(slice, 1)))]),
            ["p50_us"] = Number(lane.P50, 1),
            ["p99_us"] = Number(lane.P99, 1),
            ["p999_us"] = Number(lane.P999, 1),
            ["client_lag_p99_us"] = Number(lane.ClientLagP99, 1),
            ["rss_mb"] = Number(lane.RssMegabytes, 1),
            ["failed_runs"] = lane.Failed,
            ["at_70_percent"] = saturation,
        };
    }

    private static string Share(double? value) => value is { } share ? (share * 100).ToString("0", CultureInfo.InvariantCulture) + " %" : "-";

    private static JsonValue? Number(double? value, int decimals) => value is { } number ? JsonValue.Create(Math.Round(number, decimals)) : null;

    private static string Text(double? value, string format) => value is { } number ? number.ToString(format, CultureInfo.InvariantCulture) : "-";
}
