using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Edge.Tests.Tls;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EdgeGuard.Edge.Tests.Proxy;

/// <summary>
/// Runs every example of docs/proxy.md: its options are loaded as the edge loads them, with addresses and files of this machine, an edge is started, and what the page
/// says of it is tried.
/// </summary>
public sealed partial class ProxyPageTests : IAsyncDisposable
{
    private const string Bundle = """
        format: edgeguard/v1
        bundle_version: 1
        policies:
          - id: address
            spec:
              selector: {pathPrefix: /}
              rules:
                - name: wide
                  limit_keys: ['ip:address']
                  algorithm: token_bucket
                  algorithm_config: {tokens_per_second: 1000, burst: 1000}
        """;

    private static readonly ImmutableSortedDictionary<string, Func<ProxyPageTests, EdgeUnderTest, Task>> Checks =
        new Dictionary<string, Func<ProxyPageTests, EdgeUnderTest, Task>>(StringComparer.Ordinal)
        {
            ["Certificates"] = (page, edge) => page.CertificatesAsync(edge),
            ["Redirect"] = async (_, edge) => Assert.Contains(
                "\r\nLocation: https://localhost/a?b=c\r\n", await AskAsync(edge, DoorTag.Redirect, "GET /a?b=c HTTP/1.1\r\nHost: localhost\r\n"), StringComparison.Ordinal),
            ["Client certificates"] = (page, edge) => page.HoldersOnlyAsync(edge, DoorTag.ProxyTls, "/"),
            ["Decisions over TLS"] = (page, edge) => page.HoldersOnlyAsync(edge, DoorTag.DecisionTls, "/v1/decision/envoy/"),
            ["Upstreams"] = async (_, edge) =>
            {
                Assert.Equal("HTTP/1.1", await edge.Proxy!.GetStringAsync("/"));
                Assert.Contains("destinations{cluster=\"default\",state=\"available\"} 2\n", await edge.Probes.GetStringAsync("/metrics"), StringComparison.Ordinal);
            },
            ["gRPC"] = async (page, edge) =>
            {
                using var client = TlsPeer.Client(edge.Address(DoorTag.ProxyTls), page._certificates, HttpVersion.Version20);
                Assert.Equal("HTTP/2", await client.GetStringAsync("/"));
            },
            ["Upstream TLS"] = async (_, edge) => Assert.Equal("HTTP/2 api.internal", await edge.Proxy!.GetStringAsync("/host")),
            ["PROXY protocol"] = async (_, edge) => Assert.Contains(
                "\r\nX-Told: 192.0.2.7\r\n",
                await AskAsync(edge, DoorTag.Proxy, "PROXY TCP4 192.0.2.7 198.51.100.9 8080 443\r\nGET / HTTP/1.1\r\nHost: localhost\r\n"),
                StringComparison.Ordinal),
            ["Trusted proxies"] = async (_, edge) => Assert.Contains(
                "\r\nX-Told: 127.0.0.1\r\n",
                await AskAsync(edge, DoorTag.Proxy, "GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 192.0.2.7\r\n"),
                StringComparison.Ordinal),
            ["Slow and many clients"] = async (_, edge) => Assert.StartsWith(
                "HTTP/1.1 408", await RawHttp.SendAsync(edge.Proxy!.BaseAddress!, "GET / HTTP/1.1\r\nHost: loc"), StringComparison.Ordinal),
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private readonly TempFolder _folder = new();
    private readonly TestCertificates _certificates = new();
    private readonly List<FakeUpstream> _upstreams = [];
    private X509Certificate2? _server;

    public static TheoryData<string> Examples => [.. Page().Keys];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Page_Example_DoesWhatItSays(string heading)
    {
        Assert.True(Checks.ContainsKey(heading), $"nothing tries the example below `{heading}`");
        WriteFiles();
        var (yaml, clusters) = await HereAsync(Page()[heading]);
        var loaded = OptionsLoader.LoadEdge(
            [],
            clusters ? new Dictionary<string, string>(StringComparer.Ordinal) : new(StringComparer.Ordinal) { ["EDGEGUARD_CLUSTERS__DEFAULT__DESTINATIONS"] = await PlainAsync() },
            path => path == "edgeguard.yaml" ? Encoding.UTF8.GetBytes(yaml) : null);
        Assert.Empty(loaded.Diagnostics);
        var example = Assert.IsType<EdgeOptions>(loaded.Options);
        await using var edge = await EdgeUnderTest.StartAsync(
            Bundle,
            options => example with
            {
                StateDir = options.StateDir,
                Bundle = options.Bundle,
                BundleFile = options.BundleFile,
                LogLevel = options.LogLevel,
                CountersMemoryBytes = options.CountersMemoryBytes,
                TrustedProxies = example.TrustedProxies.IsEmpty ? ["192.0.2.254/32"] : example.TrustedProxies,
                Listen = example.Listen with
                {
                    Proxy = example.Listen.Proxy == "off" ? "off" : "127.0.0.1:0",
                    Decision = "127.0.0.1:0",
                    DecisionHttp2 = "off",
                    Probes = "127.0.0.1:0",
                    AdminSocket = options.Listen.AdminSocket,
                },
            },
            new EdgeGuard.Edge.Hosting.EdgeHostSettings { Time = TlsPeer.Now() });

        await Checks[heading](this, edge);
    }

    [Fact]
    public void Page_EveryCheck_HasItsExample() => Assert.Equal(Checks.Keys, Page().Keys);

    public async ValueTask DisposeAsync()
    {
        foreach (var upstream in _upstreams)
        {
            await upstream.DisposeAsync();
        }

        _server?.Dispose();
        _certificates.Dispose();
        _folder.Dispose();
    }

    private static ImmutableSortedDictionary<string, string> Page() => Block()
        .Matches(File.ReadAllText(RepositoryRoot.Combine("docs", "proxy.md")))
        .ToImmutableSortedDictionary(match => match.Groups["heading"].Value, match => match.Groups["yaml"].Value, StringComparer.Ordinal);

    [GeneratedRegex("^## (?<heading>[^\n]+)\n(?:(?!## )[^\n]*\n)*?```yaml\n(?<yaml>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 30_000)]
    private static partial Regex Block();

    [GeneratedRegex("http://10\\.0\\.0\\.[0-9]+:[0-9]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 30_000)]
    private static partial Regex PlainUpstream();

    [GeneratedRegex("0\\.0\\.0\\.0:[0-9]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 30_000)]
    private static partial Regex AnyPort();

    private static Task<string> AskAsync(EdgeUnderTest edge, DoorTag door, string head) => RawHttp.SendAsync(edge.Address(door), head + "Connection: close\r\n\r\n");

    private void WriteFiles()
    {
        _folder.Write("clients.pem", _certificates.AuthorityPem);
        _folder.Write("gateways.pem", _certificates.AuthorityPem);
        _folder.Write("internal-ca.pem", _certificates.AuthorityPem);
        Install("tls", "localhost", "127.0.0.1");
        Install("shop", "shop.example");
        Install("edge", "edge.example");
    }

    private void Install(string name, params string[] hosts)
    {
        using var certificate = _certificates.IssueServer(hosts);
        TestCertificates.Write(_folder, name, certificate);
        File.Move(_folder.Combine(name + ".pem"), _folder.Combine(name + ".crt"));
    }

    // The example with what there is here: free ports, upstreams that run, files of the test.
    private async Task<(string Yaml, bool HasClusters)> HereAsync(string yaml)
    {
        yaml = yaml.Replace("/etc/edgeguard/", _folder.Path + "/", StringComparison.Ordinal)
            .Replace("10.1.0.0/24", "127.0.0.1/32", StringComparison.Ordinal)
            .Replace("header_timeout: 10s", "header_timeout: 1s", StringComparison.Ordinal);
        yaml = AnyPort().Replace(yaml, "127.0.0.1:0");
        while (PlainUpstream().Match(yaml) is { Success: true } match)
        {
            var address = await PlainAsync(yaml.Contains("protocol: http2", StringComparison.Ordinal) ? HttpProtocols.Http2 : HttpProtocols.Http1);
            yaml = yaml[..match.Index] + address + yaml[(match.Index + match.Length)..];
        }

        if (yaml.Contains("https://10.0.0.5:8443", StringComparison.Ordinal))
        {
            _server = _certificates.IssueServer("api.internal");
            var upstream = await FakeUpstream.StartAsync(_server, wantsCertificate: true);
            yaml = yaml.Replace("https://10.0.0.5:8443", Serve(upstream), StringComparison.Ordinal);
        }

        return (yaml, yaml.Contains("clusters:", StringComparison.Ordinal));
    }

    private async Task<string> PlainAsync(HttpProtocols protocols = HttpProtocols.Http1) => Serve(await FakeUpstream.StartAsync(protocols: protocols));

    private string Serve(FakeUpstream upstream)
    {
        upstream.Answer = context =>
        {
            context.Response.Headers["X-Told"] = context.Request.Headers["X-Forwarded-For"];
            return context.Response.WriteAsync(context.Request.Path == "/host" ? $"{context.Request.Protocol} {context.Request.Host}" : context.Request.Protocol);
        };
        _upstreams.Add(upstream);
        return upstream.Address.GetLeftPart(UriPartial.Authority);
    }

    private async Task CertificatesAsync(EdgeUnderTest edge)
    {
        var address = edge.Address(DoorTag.ProxyTls);
        var shop = await TlsPeer.ShownAsync(address, "shop.example");
        var normal = await TlsPeer.ShownAsync(address, "localhost");
        Assert.NotEqual(shop, normal);
        Assert.Equal(normal, await TlsPeer.ShownAsync(address, "elsewhere.example"));
    }

    private async Task HoldersOnlyAsync(EdgeUnderTest edge, DoorTag door, string path)
    {
        using var own = _certificates.IssueClient("CN=someone");
        using var holder = TlsPeer.Client(edge.Address(door), _certificates, own: own);
        using var none = TlsPeer.Client(edge.Address(door), _certificates);
        using var answer = await holder.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => none.GetAsync(path));
    }
}
