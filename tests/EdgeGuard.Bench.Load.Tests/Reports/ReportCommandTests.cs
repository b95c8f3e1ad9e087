using System.Globalization;
using System.Text.Json;
using EdgeGuard.Bench.Load.Reports;
using EdgeGuard.Testing;

namespace EdgeGuard.Bench.Load.Tests.Reports;

public sealed class ReportCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _runs = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Report_OfSomeRounds_TellsMediansAndRatios()
    {
        // The machine halves its pace for the last round, and nginx and we with it.
        Add("nginx_return", "max", 100, 102, 50);
        Add("decision_1rule", "max", 90, 91.8, 45);
        Add("yarp", "max", 20, 20, 20);
        Add("edge_yarp_path", "max", 18, 19, 20);
        AddLatency("nginx_return", 40);
        AddLatency("decision_1rule", 65);

        (int exitCode, string table, JsonElement result) = Report();

        Assert.Equal(0, exitCode);
        Assert.Equal(0.9, result.GetProperty("decision_1rule_vs_nginx").GetDouble());
        Assert.Equal(0.95, result.GetProperty("yarp_path_vs_yarp").GetDouble());
        Assert.Equal([0.9, 1], result.GetProperty("ranges").GetProperty("yarp_path_vs_yarp").EnumerateArray().Select(end => end.GetDouble()));
        Assert.Equal(25, result.GetProperty("p50_delta_us").GetDouble());
        Assert.False(result.GetProperty("noisy").GetBoolean());
        Assert.True(result.GetProperty("met").GetProperty("decision_1rule_vs_nginx").GetBoolean());
        Assert.Contains("decision_1rule", table, StringComparison.Ordinal);
        Assert.Contains("not steady: nginx's own rounds differ by 52 %", table, StringComparison.Ordinal);

        // Half a second of core time for 1000 answers.
        JsonElement yarp = result.GetProperty("lanes").GetProperty("yarp");
        Assert.Equal(500, yarp.GetProperty("cpu_us").GetDouble());
        Assert.Equal(0.01, yarp.GetProperty("busy").GetDouble());
        Assert.Equal([20.0, 20, 20], yarp.GetProperty("rounds").EnumerateArray().Select(round => round.GetDouble()));
    }

    [Fact]
    public void Report_WithoutAProxyLane_SaysSoAndTellsNull()
    {
        Add("nginx_proxy", "max", 50, 50);

        (_, string table, JsonElement result) = Report();

        Assert.Equal(JsonValueKind.Null, result.GetProperty("proxy_vs_nginx").ValueKind);
        Assert.Equal(JsonValueKind.Null, result.GetProperty("met").GetProperty("proxy_vs_yarp").ValueKind);
        Assert.Equal("edge_proxy_lane", result.GetProperty("missing_lanes")[0].GetString());
        Assert.Contains("no proxy lane", table, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.95, 0.97, 0.96, false, true)]
    [InlineData(0.60, 0.62, 0.61, false, false)]
    [InlineData(0.70, 0.96, 0.90, true, null)]
    [InlineData(0.85, 1.25, 0.90, true, true)]
    public void Report_OfRatiosThatDiffer_IsNoisyAndJudgesOnlyWhatIsCertain(double first, double second, double third, bool noisy, bool? met)
    {
        Add("nginx_return", "max", 100, 100, 100);
        Add("decision_1rule", "max", first * 100, second * 100, third * 100);

        (_, string table, JsonElement result) = Report();

        Assert.Equal(noisy, result.GetProperty("noisy").GetBoolean());
        Assert.Equal(noisy, table.Contains("NOISY", StringComparison.Ordinal));
        JsonElement judged = result.GetProperty("met").GetProperty("decision_1rule_vs_nginx");
        Assert.Equal(met, judged.ValueKind == JsonValueKind.Null ? null : judged.GetBoolean());
    }

    [Fact]
    public void Report_OfMemory_LeavesTheCounterTableOut()
    {
        _runs.Add("""{"lane":"edge_yarp_path","phase":"memory","rss_kb":102400,"counters_kb":20480}""");

        (_, _, JsonElement result) = Report();

        Assert.Equal(80, result.GetProperty("rss_mb").GetDouble());
        Assert.Equal(0, result.GetProperty("failed_runs").GetInt32());
    }

    [Fact]
    public void Report_OfNothing_IsNoisy()
    {
        (_, _, JsonElement result) = Report();

        Assert.True(result.GetProperty("noisy").GetBoolean());
    }

    [Fact]
    public void Report_OfARunWithWrongAnswers_Fails()
    {
        Add("nginx_return", "max", 100, 100);
        _runs.Add(Line("decision_1rule", "max", 200, 1, ok: false));

        (int exitCode, string table, JsonElement result) = Report();

        Assert.Equal(1, exitCode);
        Assert.Equal(1, result.GetProperty("failed_runs").GetInt32());
        Assert.Contains("FAILED", table, StringComparison.Ordinal);
    }

    private void Add(string lane, string phase, params double[] rates) => _runs.AddRange(rates.Select((rate, round) => Line(lane, phase, rate, 1, round: round + 1)));

    private void AddLatency(string lane, double p50) => _runs.Add(Line(lane, "rate", 1, p50));

    private static string Line(string lane, string phase, double rate, double p50, bool ok = true, int round = 1) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"lane":"{{{lane}}}","phase":"{{{phase}}}","round":{{{round}}},"cpu_ns":500000000,"rss_kb":2048,"load":{"rps":{{{rate}}},"rate":0,"answered":1000,"p50_us":{{{p50}}},"p99_us":9,"p999_us":10,"client_lag_p99_us":1,"ok":{{{(ok ? "true" : "false")}}}}}""");

    private (int ExitCode, string Table, JsonElement Result) Report()
    {
        _folder.Write("runs.jsonl", string.Concat(_runs.Select(run => run + "\n")));
        _folder.Write("meta.txt", "command=bench/compare.sh\nrss_idle_kb=1024\n");
        using StringWriter output = new();
        int exitCode = ReportCommand.Run(_folder.Path, output);
        using JsonDocument document = JsonDocument.Parse(output.ToString().TrimEnd().Split('\n')[^1]);
        return (exitCode, output.ToString(), document.RootElement.Clone());
    }
}
