using System.Net;
using System.Net.Sockets;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Takeover;

/// <summary>Slots of a concurrency limit that one process holds while another one goes on with the counters.</summary>
public sealed class TakeoverSlotsTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Signal _go = new();
    private FakeUpstream? _upstream;

    [Fact]
    public async Task Slots_InFlightInBothProcesses_AreCountedOnce()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await using var old = await StartAsync(limit: 3);
        Task<HttpStatusCode>[] slow = [AskAsync(old), AskAsync(old)];
        await Eventually.TrueAsync(() => _upstream!.Count == 2, what: "two requests under way");
        Assert.Equal(200, await DecideAsync());
        Assert.Equal(429, await DecideAsync());

        // Two slots in requests, one held by the decision door; the next bundle has one slot more.
        await using var next = await StartAsync(limit: 4, "--takeover");
        await next.WaitForListeningAsync("decision");
        Assert.Equal(200, await DecideAsync());
        Assert.Equal(429, await DecideAsync());

        // The old process answers what it has, and the slots come back one by one.
        _go.Set();
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], await Task.WhenAll(slow).Within("the answers"));
        await AssertAdmitsAsync(2);

        // It waits for what its decision door holds, unless it is told to hurry.
        Assert.False(old.HasExited);
        Assert.Equal(0, (await old.StopAsync()).ExitCode);
        await AssertAdmitsAsync(1);
    }

    [Fact]
    public async Task OldProcess_KilledWhileItDrains_NothingIsGivenTwice_AndTheNewOneCanBeTakenOver()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await using var old = await StartAsync(limit: 2);

        // Raw: a client of the framework would ask the new process again by itself.
        var proxy = new Uri(await old.WaitForListeningAsync("proxy"));
        var slow = RawHttp.SendAsync(proxy, "GET /v1/slow HTTP/1.1\r\nHost: a.test\r\nx-api-key: k\r\n\r\n");
        await Eventually.TrueAsync(() => _upstream!.Count == 1, what: "a request under way");
        await using var next = await StartAsync(limit: 2, "--takeover");
        await next.WaitForListeningAsync("decision");
        Assert.Equal(200, await DecideAsync());
        Assert.Equal(429, await DecideAsync());
        old.Kill();
        await old.WaitForExitAsync();
        if (await Record.ExceptionAsync(() => slow) is { } failure)
        {
            Assert.IsType<IOException>(failure);
        }
        else
        {
            Assert.Empty(await slow);
        }

        // The slot of the dead one comes back, and only that: one is in use in the new process. Whoever comes next goes on with just that.
        await Eventually.TrueAsync(() => next.Text().Contains("in good order: False", StringComparison.Ordinal), what: "the new process to be alone");
        await AssertAdmitsAsync(1);
        await using var last = await StartAsync(limit: 2, "--takeover");
        await last.WaitForListeningAsync("decision");
        Assert.Equal(429, await DecideAsync());
        Assert.Equal(0, (await next.StopAsync()).ExitCode);
        await AssertAdmitsAsync(2);
    }

    [Fact]
    public async Task ThirdProcess_WhileTheFirstStillEndsItsRequests_IsRefused_AndTheSecondGoesOn()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await using var old = await StartAsync(limit: 2);
        var slow = AskAsync(old);
        await Eventually.TrueAsync(() => _upstream!.Count == 1, what: "a request under way");
        await using var next = await StartAsync(limit: 2, "--takeover");
        await next.WaitForListeningAsync("decision");

        // Two can tell their slots apart, three could not.
        await using var third = await StartAsync(limit: 2, "--takeover");
        Assert.NotEqual(0, (await third.WaitForExitAsync()).ExitCode);
        Assert.Contains("EG3211", third.Text(), StringComparison.Ordinal);
        await AssertAdmitsAsync(1);
        _go.Set();
        Assert.Equal(HttpStatusCode.OK, await slow.Within("the answer"));
        Assert.Equal(0, (await old.WaitForExitAsync()).ExitCode);
        await AssertAdmitsAsync(1);
    }

    public async ValueTask DisposeAsync()
    {
        _go.Set();
        if (_upstream is not null)
        {
            await _upstream.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static string Bundle(int limit) => $$"""
        format: edgeguard/v1
        bundle_version: {{limit}}
        policies:
          - id: api
            spec:
              selector: {pathPrefix: /v1/}
              rules:
                - name: at-once
                  limit_keys: ['header:x-api-key']
                  algorithm: concurrency
                  algorithm_config: {limit: {{limit}}, max_hold: 10m}
        """;

    private async Task<ProcessRunner> StartAsync(int limit, params string[] arguments)
    {
        if (_upstream is null)
        {
            _upstream = await FakeUpstream.StartAsync();
            _upstream.Answer = _ => _go.WaitAsync();
        }

        return ProcessRunner.Start("EdgeGuard.Edge", arguments, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["EDGEGUARD_STATE_DIR"] = _folder.Combine("state"),
            ["EDGEGUARD_CLUSTERS__DEFAULT__DESTINATIONS"] = _upstream.Address.GetLeftPart(UriPartial.Authority),
            ["EDGEGUARD_BUNDLE_FILE"] = _folder.Write("bundle.yaml", Bundle(limit)),
            ["EDGEGUARD_BUNDLE__ACCEPT"] = "unsigned",
            ["EDGEGUARD_LISTEN__PROXY"] = "127.0.0.1:0",
            ["EDGEGUARD_LISTEN__DECISION"] = "unix:" + _folder.Combine("decision.sock"),
            ["EDGEGUARD_LISTEN__DECISION_HTTP2"] = "off",
            ["EDGEGUARD_LISTEN__PROBES"] = "127.0.0.1:0",
        });
    }

    private static async Task<HttpStatusCode> AskAsync(ProcessRunner edge)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Eventually.Generous };
        using var request = new HttpRequestMessage(HttpMethod.Get, await edge.WaitForListeningAsync("proxy") + "/v1/slow");
        request.Headers.Add("x-api-key", "k");
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    // Takes a slot and keeps it.
    private async Task<int> DecideAsync()
    {
        var answer = await RawHttp.SendAsync(
            new UnixDomainSocketEndPoint(_folder.Combine("decision.sock")),
            "GET /v1/decision HTTP/1.1\r\nHost: edge\r\nX-Original-Method: GET\r\nX-Original-URI: /v1/a\r\nX-Original-Host: a.test\r\nx-api-key: k\r\nConnection: close\r\n\r\n");
        return int.Parse(answer.AsSpan("HTTP/1.1 ".Length, 3), System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task AssertAdmitsAsync(int slots)
    {
        for (var slot = 0; slot < slots; slot++)
        {
            await Eventually.TrueAsync(async () => await DecideAsync() == 200, what: $"slot {slot + 1} of {slots}");
        }

        Assert.Equal(429, await DecideAsync());
    }
}
