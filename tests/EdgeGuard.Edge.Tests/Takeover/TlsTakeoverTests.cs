using System.Net;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Edge.Tests.Tls;
using EdgeGuard.Testing;
using Microsoft.AspNetCore.Http;

namespace EdgeGuard.Edge.Tests.Takeover;

/// <summary>Listeners with TLS when the edge stops or another one takes over.</summary>
public sealed class TlsTakeoverTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestCertificates _certificates = new();

    [Fact]
    public async Task Takeover_OverTlsUnderLoad_LosesNoRequest()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await using var upstream = await FakeUpstream.StartAsync();
        upstream.Record = false;
        using (var server = _certificates.IssueServer())
        {
            TestCertificates.Write(_folder, "server", server);
        }

        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["EDGEGUARD_STATE_DIR"] = _folder.Combine("state"),
            ["EDGEGUARD_CLUSTERS__DEFAULT__DESTINATIONS"] = upstream.Address.GetLeftPart(UriPartial.Authority),
            ["EDGEGUARD_BUNDLE_FILE"] = _folder.Write("bundle.yaml", TestBundles.Open()),
            ["EDGEGUARD_BUNDLE__ACCEPT"] = "unsigned",
            ["EDGEGUARD_LISTEN__PROXY"] = "off",
            ["EDGEGUARD_LISTEN__PROXY_TLS"] = "127.0.0.1:0",
            ["EDGEGUARD_LISTEN__DECISION"] = "off",
            ["EDGEGUARD_LISTEN__DECISION_HTTP2"] = "off",
            ["EDGEGUARD_LISTEN__PROBES"] = "127.0.0.1:0",
            ["EDGEGUARD_CERTIFICATES__DEFAULT__FILE"] = _folder.Combine("server.pem"),
            ["EDGEGUARD_CERTIFICATES__DEFAULT__KEY_FILE"] = _folder.Combine("server.key"),
        };
        var edge = ProcessRunner.Start("EdgeGuard.Edge", [], environment);
        try
        {
            var proxy = await edge.WaitForListeningAsync("proxy-tls");
            await using var load = new TakeoverLoad(new Uri(proxy + "/v1/a"), _certificates.CreateHandler, http2: true);
            await Eventually.TrueAsync(() => load.Admitted >= 100, what: "load before the takeover");
            var old = edge;
            edge = ProcessRunner.Start("EdgeGuard.Edge", ["--takeover"], environment);
            Assert.Equal(proxy, await edge.WaitForListeningAsync("proxy-tls"));
            Assert.Equal(0, (await old.WaitForExitAsync()).ExitCode);
            await old.DisposeAsync();
            var before = load.Admitted;
            await Eventually.TrueAsync(() => load.Admitted >= before + 100, what: "load after the takeover");
            await load.StopAsync();
            Assert.Empty(load.Failures.Items);
            Assert.Equal(load.Admitted, upstream.Count);
        }
        finally
        {
            await edge.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Stop_RequestInFlight_IsAnsweredAfterReadinessHasTurned(string version)
    {
        await using var upstream = await FakeUpstream.StartAsync();
        var arrived = new Signal();
        var release = new Signal();
        upstream.Answer = async context =>
        {
            arrived.Set();
            await release.WaitAsync("the release of the answer");
            await context.Response.WriteAsync("hello");
        };
        await using var edge = await TlsPeer.StartAsync(_folder, _certificates, options => options with
        {
            Clusters = options.Clusters.SetItem("default", new EdgeGuard.Options.ClusterOptions { Destinations = [upstream.Address.AbsoluteUri] }),
        });
        var address = edge.Address(DoorTag.ProxyTls);
        using var client = TlsPeer.Client(address, _certificates, new Version(version));
        var answer = client.GetAsync("/slow");
        await arrived.WaitAsync("the request at the upstream");

        var stopped = edge.Host.StopAsync();
        await Eventually.TrueAsync(async () =>
        {
            using var ready = await edge.Probes.GetAsync("/readyz");
            return ready.StatusCode == HttpStatusCode.ServiceUnavailable;
        });
        Assert.False(stopped.IsCompleted);
        release.Set();

        using var told = await answer;
        Assert.Equal("hello", await told.Content.ReadAsStringAsync());
        await stopped.Within("the end of the edge");
    }

    public void Dispose()
    {
        _certificates.Dispose();
        _folder.Dispose();
    }
}
