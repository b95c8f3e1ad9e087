using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Edge.Tests.Tls;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EdgeGuard.Edge.Tests.Proxy;

/// <summary>Clusters of several destinations: which one is taken, what happens when one fails, and how they are spoken with.</summary>
public sealed class ClusterTests
{
    [Fact]
    public async Task Destination_ThatRefusesConnections_IsPassedOver()
    {
        using var dead = new DeadPort();
        await using var edge = await StartAsync(upstream => new ClusterOptions { Destinations = [dead.Address, upstream], Balancing = "first" });

        for (var i = 0; i < 20; i++)
        {
            using var read = await edge.GetAsync($"/{i}");
            using var written = await edge.Proxy!.PostAsync($"/{i}", new StringContent("body"));
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (read.StatusCode, written.StatusCode));
        }

        // Every request reached it once: those that met the dead one were repeated, bodies whole, until it was left out.
        Assert.Equal(40, edge.Upstream.Count);
        Assert.All(edge.Upstream.Received.Items.Where(request => request.Method == "POST"), request => Assert.Equal("body", Encoding.UTF8.GetString(request.Body)));
        var metrics = await edge.Probes.GetStringAsync("/metrics");
        Assert.DoesNotContain("edgeguard_upstream_failovers_total 0\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Destination_ThatMostlyFails_IsLeftOutAndTriedAgain()
    {
        using var dead = new DeadPort();
        await using var edge = await StartAsync(upstream => new ClusterOptions { Destinations = [dead.Address, upstream], Balancing = "first" });
        for (var i = 0; i < 30; i++)
        {
            using var answer = await edge.GetAsync($"/{i}");
        }

        Assert.Contains("edgeguard_upstream_destinations{cluster=\"default\",state=\"left_out\"} 1\n", await edge.Probes.GetStringAsync("/metrics"), StringComparison.Ordinal);
        await Eventually.TrueAsync(async () =>
        {
            edge.Time.Advance(TimeSpan.FromSeconds(30));
            return (await edge.Probes.GetStringAsync("/metrics")).Contains("destinations{cluster=\"default\",state=\"left_out\"} 0\n", StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Request_BrokenOffByItsDestination_IsRepeatedOnlyWhereThatIsSafe()
    {
        await using var broken = await FakeUpstream.StartAsync();
        broken.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        await using var edge = await StartAsync(upstream => new ClusterOptions
        {
            Destinations = [broken.Address.AbsoluteUri, upstream],
            Balancing = "first",
            PassiveHealth = false,
        });

        using var read = await edge.GetAsync("/");
        using var written = await edge.Proxy!.PostAsync("/", new StringContent("body"));
        using var put = await edge.Proxy.SendAsync(new HttpRequestMessage(HttpMethod.Put, "/") { Content = new StringContent("body") });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadGateway, HttpStatusCode.BadGateway), (read.StatusCode, written.StatusCode, put.StatusCode));
        Assert.Equal("GET", Assert.Single(edge.Upstream.Received.Items).Method);
    }

    [Fact]
    public async Task Retries_Zero_TellsTheFailure()
    {
        using var dead = new DeadPort();
        await using var edge = await StartAsync(upstream => new ClusterOptions { Destinations = [dead.Address, upstream], Balancing = "first", Retries = 0, PassiveHealth = false });

        using var answer = await edge.GetAsync("/");

        Assert.Equal("502 upstream_unavailable", answer.Verdict());
    }

    [Fact]
    public async Task Destinations_AllFailing_AreAllTriedAndToldOf()
    {
        using var one = new DeadPort();
        using var two = new DeadPort();
        await using var edge = await StartAsync(_ => new ClusterOptions { Destinations = [one.Address, two.Address] });

        for (var i = 0; i < 15; i++)
        {
            using var answer = await edge.GetAsync("/");
            Assert.Equal("502 upstream_unavailable", answer.Verdict());
        }
    }

    [Fact]
    public async Task RoundRobin_TakesEachInTurn()
    {
        await using var second = await FakeUpstream.StartAsync();
        await using var edge = await StartAsync(upstream => new ClusterOptions { Destinations = [upstream, second.Address.AbsoluteUri], Balancing = "round_robin" });
        for (var i = 0; i < 10; i++)
        {
            using var answer = await edge.GetAsync("/");
        }

        Assert.Equal((5L, 5L), (edge.Upstream.Count, second.Count));
    }

    [Fact]
    public async Task HealthCheck_DestinationThatAnswersBadly_IsLeftOutUntilItIsWell()
    {
        await using var sick = await FakeUpstream.StartAsync();
        var isSick = true;
        sick.Answer = context =>
        {
            context.Response.StatusCode = Volatile.Read(ref isSick) && context.Request.Path == "/healthz" ? 503 : 200;
            return Task.CompletedTask;
        };
        await using var edge = await StartAsync(upstream => new ClusterOptions
        {
            Destinations = [sick.Address.AbsoluteUri, upstream],
            Balancing = "first",
            Health = new HealthOptions { Path = "/healthz" },
        });

        await LeftOutAsync(edge, 1);
        sick.Received.Clear();
        using (var answer = await edge.GetAsync("/here"))
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.DoesNotContain(sick.Received.Items, request => request.RawTarget == "/here");
        Volatile.Write(ref isSick, false);
        await LeftOutAsync(edge, 0);
    }

    [Theory]
    [InlineData("http2", "HTTP/2")]
    [InlineData("auto", "HTTP/1.1")]
    public async Task Protocol_WithoutTls_IsTheOneAskedFor(string protocol, string seen)
    {
        await using var upstream = await FakeUpstream.StartAsync(protocols: protocol == "http2" ? HttpProtocols.Http2 : HttpProtocols.Http1);
        upstream.Answer = context => context.Response.WriteAsync(context.Request.Protocol);
        await using var edge = await StartAsync(_ => new ClusterOptions { Destinations = [upstream.Address.AbsoluteUri], Protocol = protocol });

        Assert.Equal(seen, await edge.Proxy!.GetStringAsync("/"));
    }

    [Fact]
    public async Task UpstreamTls_HasItsOwnTrustNameAndCertificate()
    {
        using var folder = new TempFolder();
        using var certificates = new TestCertificates();
        using var strangers = new TestCertificates();
        using var server = certificates.IssueServer("api.internal");
        using var own = certificates.IssueClient("CN=edge-1");
        folder.Write("ca.pem", certificates.AuthorityPem);
        folder.Write("other.pem", strangers.AuthorityPem);
        WriteKey(folder, own);
        await using var upstream = await FakeUpstream.StartAsync(server, wantsCertificate: true);
        upstream.Answer = async context => await context.Response.WriteAsync(
            $"{(await context.Connection.GetClientCertificateAsync())?.Subject} {context.Request.Protocol} {context.Request.Host}");
        async Task<string> AskAsync(UpstreamTlsOptions tls)
        {
            await using var edge = await StartAsync(
                _ => new ClusterOptions { Destinations = [upstream.Address.AbsoluteUri], Tls = tls }, TlsPeer.Now());
            using var answer = await edge.GetAsync("/");
            return $"{answer.Verdict()}: {(answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : string.Empty)}";
        }

        var right = new UpstreamTlsOptions
        {
            ServerName = "api.internal",
            TrustFile = folder.Combine("ca.pem"),
            CertificateFile = folder.Combine("own.pem"),
            KeyFile = folder.Combine("own.key"),
        };
        Assert.Equal("200 allow: CN=edge-1 HTTP/2 api.internal", await AskAsync(right));
        Assert.Equal("502 upstream_unavailable: ", await AskAsync(right with { ServerName = "other.internal" }));
        Assert.Equal("502 upstream_unavailable: ", await AskAsync(right with { ServerName = string.Empty }));
        Assert.Equal("502 upstream_unavailable: ", await AskAsync(right with { TrustFile = folder.Combine("other.pem") }));
        Assert.Equal("502 upstream_unavailable: ", await AskAsync(right with { TrustFile = string.Empty }));
        Assert.Equal("502 upstream_unavailable: ", await AskAsync(right with { CertificateFile = string.Empty, KeyFile = string.Empty }));
    }

    private static void WriteKey(TempFolder folder, System.Security.Cryptography.X509Certificates.X509Certificate2 certificate)
    {
        using var ephemeral = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(certificate)!;
        folder.Write("own.pem", certificate.ExportCertificatePem());
        folder.Write("own.key", ephemeral.ExportPkcs8PrivateKeyPem());
    }

    private static Task LeftOutAsync(EdgeUnderTest edge, int count) => Eventually.TrueAsync(async () =>
    {
        edge.Time.Advance(TimeSpan.FromSeconds(10));
        return (await edge.Probes.GetStringAsync("/metrics")).Contains(
            $"edgeguard_upstream_destinations{{cluster=\"default\",state=\"left_out\"}} {count}\n", StringComparison.Ordinal);
    });

    private static Task<EdgeUnderTest> StartAsync(Func<string, ClusterOptions> cluster, TestTimeProvider? time = null) => EdgeUnderTest.StartAsync(
        TestBundles.Open(),
        options => options with
        {
            Clusters = ImmutableDictionary<string, ClusterOptions>.Empty.Add("default", cluster(options.Clusters["default"].Destinations[0])),
        },
        new EdgeGuard.Edge.Hosting.EdgeHostSettings { Time = time ?? new TestTimeProvider() });

    /// <summary>A port of loopback that is taken and refuses every connection, as long as this lives.</summary>
    private sealed class DeadPort : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public DeadPort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        public string Address => $"http://{_socket.LocalEndPoint}";

        public void Dispose() => _socket.Dispose();
    }
}
