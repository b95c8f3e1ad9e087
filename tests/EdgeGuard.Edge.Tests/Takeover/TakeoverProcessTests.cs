using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Takeover;

/// <summary>Real processes that take over from each other under load, and one that is killed in the middle of it.</summary>
public sealed class TakeoverProcessTests
{
    private const int Burst = 2000;
    private const int Takeovers = 3;

    [Fact]
    public async Task Takeover_UnderLoad_LosesNoRequestAndGivesNothingTwice()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await using var upstream = await FakeUpstream.StartAsync();
        upstream.Record = false;
        using var folder = new TempFolder();
        var environment = Environment(folder, upstream, folder.Write("bundle.yaml", TestBundles.PerKey(burst: Burst)));
        var edge = Start(environment);
        try
        {
            var proxy = await edge.WaitForListeningAsync("proxy");
            var start = TimeProvider.System.GetTimestamp();
            await using var load = new TakeoverLoad(new Uri(proxy + "/v1/a"));
            for (var i = 0; i < Takeovers; i++)
            {
                var before = load.Admitted;
                await Eventually.TrueAsync(() => load.Admitted >= before + 100 || load.Refused > 100, what: "load before the takeover");
                var old = edge;
                edge = Start(environment, "--takeover");
                Assert.Equal(proxy, await edge.WaitForListeningAsync("proxy"));
                Assert.Equal(0, (await old.WaitForExitAsync()).ExitCode);
                await old.DisposeAsync();
            }

            await Eventually.TrueAsync(() => load.Refused > 100, what: "the end of the budget");
            await load.StopAsync();
            var earned = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
            Assert.Empty(load.Failures.Items);
            Assert.InRange(load.Admitted, Burst, Burst + (long)earned + 1);
            Assert.Equal(load.Admitted, upstream.Count);
        }
        finally
        {
            await edge.DisposeAsync();
        }
    }

    [Fact]
    public async Task Takeover_NewProcessKilledInTheMiddle_OldGoesOn()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await using var upstream = await FakeUpstream.StartAsync();
        using var folder = new TempFolder();
        var environment = Environment(folder, upstream, folder.Write("bundle.yaml", TestBundles.PerKey(burst: 5)));
        await using var edge = Start(environment);
        await using var load = new TakeoverLoad(new Uri(await edge.WaitForListeningAsync("proxy") + "/v1/a"));
        await Eventually.TrueAsync(() => load.Refused > 0, what: "load");

        // Nobody writes into the pipe: the new process has lock, sockets and counters, and waits for its bundle.
        var pipe = folder.Combine("pipe");
        Assert.Equal(0, (await ProcessRunner.RunProgramAsync("mkfifo", [pipe])).ExitCode);
        for (var round = 0; round < 2; round++)
        {
            await using var next = Start(new Dictionary<string, string>(environment) { ["EDGEGUARD_BUNDLE_FILE"] = pipe }, "--takeover");
            await Eventually.TrueAsync(async () => await SwitchAsync(folder, "k") == 503, what: "the state to be suspended");
            next.Kill();
            await next.WaitForExitAsync();
            await Eventually.TrueAsync(async () => await SwitchAsync(folder, $"k{round}") == 201, what: "the old process to go on as the owner");
        }

        await using var last = Start(environment, "--takeover");
        await last.WaitForListeningAsync("proxy");
        Assert.Equal(0, (await edge.WaitForExitAsync()).ExitCode);
        await load.StopAsync();
        Assert.Empty(load.Failures.Items);
    }

    private static ProcessRunner Start(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        ProcessRunner.Start("EdgeGuard.Edge", arguments, environment);

    private static Dictionary<string, string> Environment(TempFolder folder, FakeUpstream upstream, string bundle) => new(StringComparer.Ordinal)
    {
        ["EDGEGUARD_STATE_DIR"] = folder.Combine("state"),
        ["EDGEGUARD_CLUSTERS__DEFAULT__DESTINATIONS"] = upstream.Address.GetLeftPart(UriPartial.Authority),
        ["EDGEGUARD_BUNDLE_FILE"] = bundle,
        ["EDGEGUARD_BUNDLE__ACCEPT"] = "unsigned",
        ["EDGEGUARD_LISTEN__PROXY"] = "127.0.0.1:0",
        ["EDGEGUARD_LISTEN__DECISION"] = "unix:" + folder.Combine("decision.sock"),
        ["EDGEGUARD_LISTEN__DECISION_HTTP2"] = "off",
        ["EDGEGUARD_LISTEN__PROBES"] = "127.0.0.1:0",
    };

    private static async Task<int> SwitchAsync(TempFolder folder, string id)
    {
        var body = $$"""{"scope_key": "header:x-other", "scope_value": "x", "reason": "test", "id": "{{id}}"}""";
        var answer = await RawHttp.SendAsync(
            new System.Net.Sockets.UnixDomainSocketEndPoint(folder.Combine("state/admin.sock")),
            $"POST /kill HTTP/1.1\r\nHost: edge\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        return int.Parse(answer.AsSpan("HTTP/1.1 ".Length, 3), System.Globalization.CultureInfo.InvariantCulture);
    }
}
