using System.Text.Json;
using EdgeGuard.Edge.DataFiles;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.DataFiles;

public sealed class DataFileTests : IDisposable
{
    private readonly TempFolder _lists = new();

    public void Dispose() => _lists.Dispose();

    [Theory]
    [InlineData("ip:country", "DE", "192.0.2.7", FactProbe.Expected)]
    [InlineData("ip:country", "DE", "2001:db8::7", FactProbe.Expected)]
    [InlineData("ip:country", "DE", "10.0.0.1", FactProbe.Other)]
    [InlineData("ip:country", "DE", "203.0.113.1", FactProbe.Missing)]
    [InlineData("ip:asn", "64500", "192.0.2.7", FactProbe.Expected)]
    [InlineData("ip:asn", "64500", "203.0.113.1", FactProbe.Missing)]
    [InlineData("ip:type", "mobile", "192.0.2.200", FactProbe.Expected)]
    [InlineData("ip:type", "hosting", "192.0.2.7", FactProbe.Expected)]
    [InlineData("ip:type", "unknown", "203.0.113.1", FactProbe.Expected)]
    [InlineData("ip:tor", "true", "192.0.2.9", FactProbe.Expected)]
    [InlineData("ip:tor", "false", "192.0.2.7", FactProbe.Expected)]
    public async Task File_TellsOfTheClient_NotOfTheProxy(string descriptor, string value, string client, string outcome)
    {
        await using var probe = await FactProbe.StartAsync(descriptor, value, WithFiles);
        Assert.Equal(outcome, await probe.AskAsync("/a", $"X-Forwarded-For: {client}\r\n"));
    }

    [Theory]
    [InlineData("ip:country", "DE", "192.0.2.7", "X-Country-Code: FR\r\n", FactProbe.Expected)]
    [InlineData("ip:country", "FR", "203.0.113.1", "X-Country-Code: FR\r\n", FactProbe.Expected)]
    [InlineData("ip:country", "DE", "192.0.2.7", "X-Country-Code: FR\r\nX-Country-Code: SE\r\n", FactProbe.Expected)]
    [InlineData("ip:type", "residential", "203.0.113.1", "X-ASN: 64501\r\n", FactProbe.Expected)]
    [InlineData("ip:tor", "true", "192.0.2.9", "X-Tor-Exit: no\r\n", FactProbe.Expected)]
    [InlineData("ip:tor", "true", "192.0.2.7", "X-Tor-Exit: yes\r\n", FactProbe.Expected)]
    public async Task File_ThatKnowsTheAddress_GoesBeforeTheHeader(string descriptor, string value, string client, string headers, string outcome)
    {
        await using var probe = await FactProbe.StartAsync(descriptor, value, WithFiles);
        Assert.Equal(outcome, await probe.AskAsync("/a", $"X-Forwarded-For: {client}\r\n{headers}"));
    }

    [Fact]
    public async Task File_Changed_IsReadWithoutARestart()
    {
        await using var probe = await FactProbe.StartAsync("ip:country", "DE", WithFiles);
        var file = probe.Edge.Host.Services.GetRequiredService<DataFileSet>().Of(EdgeGuard.Engine.Addresses.AddressListKind.Country)!;
        Replace("country.txt", "192.0.2.0/24 FR\n");
        await Looks(probe, () => file.Loaded == 2);
        Assert.Equal(FactProbe.Other, await probe.AskAsync("/a", "X-Forwarded-For: 192.0.2.7\r\n"));
        Assert.Contains("edgeguard_data_file_entries{fact=\"ip:country\"} 1\n", await Metrics(probe), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BadFile_NeverReplacesAGoodOne()
    {
        await using var probe = await FactProbe.StartAsync("ip:country", "DE", WithFiles);
        var file = probe.Edge.Host.Services.GetRequiredService<DataFileSet>().Of(EdgeGuard.Engine.Addresses.AddressListKind.Country)!;
        Replace("country.txt", "192.0.2.0/24 FR\nnonsense\n");
        await Looks(probe, () => file.Refused == 1);
        Assert.Equal(FactProbe.Expected, await probe.AskAsync("/a", "X-Forwarded-For: 192.0.2.7\r\n"));
        Assert.Equal(("EG3221", 2), (file.Problems[0].Code, file.Problems[0].Location.Line));
        Assert.Contains("edgeguard_data_file_problem{fact=\"ip:country\"} 1\n", await Metrics(probe), StringComparison.Ordinal);
        Assert.Equal("ready", await Readiness(probe, "status"));

        File.Delete(_lists.Combine("country.txt"));
        await Looks(probe, () => file.Refused == 2);
        Assert.Equal("EG3220", file.Problems[0].Code);
        Assert.Equal(FactProbe.Expected, await probe.AskAsync("/a", "X-Forwarded-For: 192.0.2.7\r\n"));

        Replace("country.txt", "192.0.2.0/24 SE\n");
        await Looks(probe, () => file.Loaded == 2);
        Assert.Empty(file.Problems);
        Assert.Equal(FactProbe.Other, await probe.AskAsync("/a", "X-Forwarded-For: 192.0.2.7\r\n"));
    }

    [Fact]
    public async Task NoFileAtTheStart_LeavesTheFactMissingAndTheEdgeNotReady()
    {
        await using var probe = await FactProbe.StartAsync(
            "ip:country",
            "DE",
            options => options with { TrustedProxies = ["10.0.0.0/8"], DataFiles = new DataFileOptions { Country = _lists.Combine("country.txt") } });
        Assert.Equal(FactProbe.Missing, await probe.AskAsync("/a"));
        Assert.Equal("not_ready", await Readiness(probe, "status"));
        Assert.Equal("""["data_unavailable"]""", await Readiness(probe, "reasons"));
        Assert.Equal("""["ip:country"]""", await Readiness(probe, "facts_unavailable"));

        Replace("country.txt", "127.0.0.0/8 DE\n");
        await Looks(probe, () => Files(probe).Files[0].List is not null);
        Assert.Equal(FactProbe.Expected, await probe.AskAsync("/a"));
        Assert.Equal("ready", await Readiness(probe, "status"));
    }

    [Fact]
    public async Task NoFileAtTheStart_OfAFactThatNoRuleReads_IsNoReason()
    {
        await using var probe = await FactProbe.StartAsync(
            "method", "DELETE", options => options with { DataFiles = new DataFileOptions { Country = _lists.Combine("country.txt") } });
        Assert.Equal("ready", await Readiness(probe, "status"));
    }

    [Fact]
    public async Task FactWithoutSource_IsAWarningOfTheBundle()
    {
        await using var probe = await FactProbe.StartAsync(
            "ip:country",
            "DE",
            options => options with { TrustedProxies = ["10.0.0.0/8"], FactHeaders = new FactHeaderOptions { Country = string.Empty } });
        Assert.Equal("ready", await Readiness(probe, "status"));
        Assert.Equal("""["ip:country"]""", await Readiness(probe, "facts_without_source"));
        Assert.Contains("EG3224", (await ReadinessOf(probe)).GetProperty("last_attempt").GetProperty("problems").ToString(), StringComparison.Ordinal);
        Assert.Contains("edgeguard_fact_without_source{fact=\"ip:country\"} 1\n", await Metrics(probe), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FactWithATrustedProxy_HasASource()
    {
        await using var probe = await FactProbe.StartAsync("ip:country", "DE", options => options with { TrustedProxies = ["10.0.0.0/8"] });
        Assert.Equal("[]", await Readiness(probe, "facts_without_source"));
    }

    private EdgeOptions WithFiles(EdgeOptions options)
    {
        _lists.Write("country.txt", "# test\n192.0.2.0/24 DE\n2001:db8::/32 DE\n10.0.0.0/8 US\n");
        _lists.Write("asn.txt", "192.0.2.0/24 AS64500\n");
        _lists.Write("type.txt", "AS64500 hosting\nAS64501 residential\n192.0.2.128/25 mobile\n");
        _lists.Write("tor.txt", "192.0.2.9\n");
        return options with
        {
            TrustedProxies = ["127.0.0.0/8"],
            DataFiles = new DataFileOptions
            {
                Country = _lists.Combine("country.txt"),
                Asn = _lists.Combine("asn.txt"),
                Type = _lists.Combine("type.txt"),
                Tor = _lists.Combine("tor.txt"),
            },
        };
    }

    private void Replace(string name, string text)
    {
        _lists.Write(name + ".new", text);
        File.Move(_lists.Combine(name + ".new"), _lists.Combine(name), overwrite: true);
    }

    // Each round is one second of the edge's time; it looks, and reads when two looks agree.
    private static Task Looks(FactProbe probe, Func<bool> done) => Eventually.TrueAsync(
        () =>
        {
            probe.Edge.Time.Advance(DataFileWatcher.Interval);
            return Task.FromResult(done());
        },
        what: "the file is looked at");

    private static DataFileSet Files(FactProbe probe) => probe.Edge.Host.Services.GetRequiredService<DataFileSet>();

    private static Task<string> Metrics(FactProbe probe) => probe.Edge.Probes.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

    private static async Task<string> Readiness(FactProbe probe, string name) => (await ReadinessOf(probe)).GetProperty(name).ToString();

    private static async Task<JsonElement> ReadinessOf(FactProbe probe)
    {
        using var response = await probe.Edge.Probes.GetAsync("/readyz", TestContext.Current.CancellationToken);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
    }
}
