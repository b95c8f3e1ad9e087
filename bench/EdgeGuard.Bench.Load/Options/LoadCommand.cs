using System.Text.Json.Nodes;
using EdgeGuard.Bench.Load.Measure;
using EdgeGuard.Bench.Load.Requests;
using EdgeGuard.Bench.Load.Running;

namespace EdgeGuard.Bench.Load.Options;

/// <summary>A run as the command line wants it.</summary>
internal static class LoadCommand
{
    public static int Run(LoadOptions options, TextWriter output)
    {
        using LoadTarget target = new(options);
        LoadResult result = target.Run(options.Settings);
        TokenSupply? tokens = target.Tokens;
        bool right = result.IsRight && tokens is not { Exhausted: > 0 };
        Print(options, result, right, output);
        output.WriteLine(Describe(options, result, tokens, right).ToJsonString());
        return right ? 0 : 1;
    }

    private static void Print(LoadOptions options, LoadResult result, bool right, TextWriter output)
    {
        string loop = options.Settings.Rate > 0 ? FormattableString.Invariant($"open loop, {options.Settings.Rate:0.###}/s") : "closed loop";
        output.WriteLine(FormattableString.Invariant(
            $"{options.Name} {loop}, {options.Connections} connections: {result.RequestsPerSecond:0} answers/s, p50 {Micro(result.Latency, 50):0} us, p99 {Micro(result.Latency, 99):0} us, max {result.Latency.Max / 1000.0:0} us").TrimStart());
        if (!right)
        {
            string statuses = string.Join(", ", result.WrongStatuses.Select(status => $"{status.Key} x{status.Value}"));
            output.WriteLine($"FAILED: {result.Wrong} wrong answers ({statuses}), {result.Broken} broken connections, {result.Unanswered} unanswered");
        }
    }

    internal static JsonObject Describe(LoadOptions options, LoadResult result, TokenSupply? tokens, bool right) => new()
    {
        ["name"] = options.Name,
        ["mode"] = options.Settings.Rate <= 0 ? "closed" : options.Settings.Poisson ? "poisson" : "constant",
        ["rate"] = options.Settings.Rate,
        ["connections"] = options.Connections,
        ["seconds"] = result.MeasuredSeconds,
        ["rps"] = Math.Round(result.RequestsPerSecond, 1),
        ["answered"] = result.Answered,
        ["wrong"] = result.Wrong,
        ["broken"] = result.Broken,
        ["unanswered"] = result.Unanswered,
        ["reopened"] = result.Reopened,
        ["fresh_tokens"] = tokens?.Fresh ?? 0,
        ["fresh_missing"] = tokens?.Exhausted ?? 0,
        ["bytes"] = result.BytesReceived,
        ["mean_us"] = Math.Round(result.Latency.Mean / 1000, 1),
        ["p50_us"] = Micro(result.Latency, 50),
        ["p90_us"] = Micro(result.Latency, 90),
        ["p99_us"] = Micro(result.Latency, 99),
        ["p999_us"] = Micro(result.Latency, 99.9),
        ["max_us"] = Math.Round(result.Latency.Max / 1000.0, 1),
        ["client_lag_p50_us"] = Micro(result.ClientLag, 50),
        ["client_lag_p99_us"] = Micro(result.ClientLag, 99),
        ["histogram_error"] = LatencyHistogram.RelativeError,
        ["ok"] = right,
    };

    private static double Micro(LatencyHistogram histogram, double percent) => Math.Round(histogram.Percentile(percent) / 1000.0, 1);
}
