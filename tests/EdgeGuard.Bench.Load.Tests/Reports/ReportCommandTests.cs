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
        Add("nginx_return", "max", 100, 102, 98);
        Add("decision_1rule", "max", 90, 10, 91);
        Add("yarp", "max", 20, 20);
        Add("edge_yarp_path", "max", 18, 20);
        AddLatency("nginx_return", 40);
        AddLatency("decision_1rule", 65);

        (int exitCode, string table, JsonElement result) = Report();

        Assert.Equal(0, exitCode);
        Assert.Equal(0.9, result.GetProperty("decision_1rule_vs_nginx").GetDouble());
        Assert.Equal(0.95, result.GetProperty("yarp_path_vs_yarp").GetDouble());
        Assert.Equal(25, result.GetProperty("p50_delta_us").GetDouble());
        Assert.False(result.GetProperty("noisy").GetBoolean());
        Assert.True(result.GetProperty("met").GetProperty("decision_1rule_vs_nginx").GetBoolean());
        Assert.Contains("decision_1rule", table, StringComparison.Ordinal);
        // 50 ticks of a hundredth of a second for 1000 answers.
        Assert.Equal(500, result.GetProperty("lanes").GetProperty("yarp").GetProperty("cpu_us").GetDouble());
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
    [InlineData(100, 105, 95, false)]
    [InlineData(100, 106, 95, true)]
    public void Report_OfNginxRoundsThatDiffer_IsNoisy(double first, double second, double third, bool noisy)
    {
        Add("nginx_return", "max", first, second, third);

        (_, string table, JsonElement result) = Report();

        Assert.Equal(noisy, result.GetProperty("noisy").GetBoolean());
        Assert.Equal(noisy, table.Contains("NOISY", StringComparison.Ordinal));
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

    private void Add(string lane, string phase, params double[] rates) => _runs.AddRange(rates.Select(rate => Line(lane, phase, rate, 1)));

    private void AddLatency(string lane, double p50) => _runs.Add(Line(lane, "rate", 1, p50));

    private static string Line(string lane, string phase, double rate, double p50, bool ok = true) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"lane":"{{{lane}}}","phase":"{{{phase}}}","round":1,"cpu_ticks":50,"rss_kb":2048,"load":{"rps":{{{rate}}},"rate":0,"answered":1000,"p50_us":{{{p50}}},"p99_us":9,"p999_us":10,"client_lag_p99_us":1,"ok":{{{(ok ? "true" : "false")}}}}}""");

    private (int ExitCode, string Table, JsonElement Result) Report()
    {
        _folder.Write("runs.jsonl", string.Join('\n', _runs) + "\n");
        _folder.Write("meta.txt", "command=bench/compare.sh\nticks_per_second=100\nrss_idle_kb=1024\n");
        using StringWriter output = new();
        int exitCode = ReportCommand.Run(_folder.Path, output);
        using JsonDocument document = JsonDocument.Parse(output.ToString().TrimEnd().Split('\n')[^1]);
        return (exitCode, output.ToString(), document.RootElement.Clone());
    }
}
