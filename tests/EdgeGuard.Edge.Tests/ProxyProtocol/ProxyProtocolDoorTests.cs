using System.Text;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Edge.Tests.Tls;
using EdgeGuard.Options;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.ProxyProtocol;

/// <summary>Connections that a load balancer passes on: whose they are then.</summary>
public sealed class ProxyProtocolDoorTests
{
    private const string Text = "PROXY TCP4 192.0.2.7 198.51.100.9 8080 443\r\n";
    private const string Request = "GET /v1/a HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n\r\n";

    private const string PerAddress = """
        format: edgeguard/v1
        bundle_version: 1
        policies:
          - id: api
            spec:
              selector: {pathPrefix: /v1/}
              rules:
                - name: per-address
                  limit_keys: ['ip:address']
                  algorithm: token_bucket
                  algorithm_config: {tokens_per_second: 1, burst: 1}
        """;

    [Fact]
    public async Task Proxy_TrustedBalancer_EveryClientHasItsOwnLimit()
    {
        await using var edge = await StartAsync("127.0.0.1/32");
        var address = edge.Proxy!.BaseAddress!;

        Assert.StartsWith("HTTP/1.1 200", await RawHttp.SendAsync(address, Text + Request), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 429", await RawHttp.SendAsync(address, Text + Request), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", await RawHttp.SendAsync(address, Text.Replace("192.0.2.7", "192.0.2.8", StringComparison.Ordinal) + Request), StringComparison.Ordinal);
        Assert.Equal(["192.0.2.7", "192.0.2.8"], edge.Upstream.Received.Items.Select(request => request.Headers["X-Forwarded-For"]));

        // LOCAL and UNKNOWN: the balancer's own question, under its own address.
        var local = Encoding.Latin1.GetString(ProxyProtocolHeaderTests.Binary(0x20, 0, []));
        Assert.StartsWith("HTTP/1.1 200", await RawHttp.SendAsync(address, local + Request), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 429", await RawHttp.SendAsync(address, "PROXY UNKNOWN\r\n" + Request), StringComparison.Ordinal);
        Assert.Equal("127.0.0.1", edge.Upstream.Received.Items[^1].Headers["X-Forwarded-For"]);
    }

    [Fact]
    public async Task Proxy_NoHeaderOrABadOne_IsDisconnectedUnanswered()
    {
        await using var edge = await StartAsync("127.0.0.1/32");
        var address = edge.Proxy!.BaseAddress!;

        Assert.Empty(await AnswerAsync(address, Request));
        Assert.Empty(await AnswerAsync(address, "PROXY TCP4 192.0.2.7 198.51.100.9 8080 99999\r\n" + Request));
        Assert.Empty(await AnswerAsync(address, Encoding.Latin1.GetString(ProxyProtocolHeaderTests.Binary(0x22, 0x11, new byte[12])) + Request));

        Assert.Equal(0, edge.Upstream.Count);
        var metrics = await edge.Probes.GetStringAsync("/metrics");
        Assert.Contains("edgeguard_proxy_protocol_connections_total{result=\"malformed\"} 3\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Proxy_FromAStranger_IsDisconnectedUnanswered()
    {
        await using var edge = await StartAsync("192.0.2.1/32");

        Assert.Empty(await AnswerAsync(edge.Proxy!.BaseAddress!, Text + Request));
        Assert.Empty(await AnswerAsync(edge.Proxy.BaseAddress!, Request));

        Assert.Equal(0, edge.Upstream.Count);
        var metrics = await edge.Probes.GetStringAsync("/metrics");
        Assert.Contains("edgeguard_proxy_protocol_connections_total{result=\"untrusted\"} 2\n", metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.0/24", "203.0.113.5, 192.0.2.7")]
    [InlineData("127.0.0.0/8", "192.0.2.7")]
    public async Task Proxy_ForwardedFor_IsBelievedOfTheTellersAddressAndNotOfTheBalancers(string trusted, string seen)
    {
        await using var edge = await StartAsync("127.0.0.1/32", options => options with { TrustedProxies = [trusted] });

        await RawHttp.SendAsync(
            edge.Proxy!.BaseAddress!, Text + "GET /v1/a HTTP/1.1\r\nHost: api.test\r\nX-Forwarded-For: 203.0.113.5\r\nConnection: close\r\n\r\n");

        Assert.Equal(seen, Assert.Single(edge.Upstream.Received.Items).Headers["X-Forwarded-For"]);
    }

    [Fact]
    public async Task Decision_TrustedBalancer_BelievesOnlyTheAddressThatItTells()
    {
        await using var edge = await StartAsync("127.0.0.1/32", options => options with { TrustedProxies = ["192.0.2.7/32"] });
        string Ask(string address) =>
            $"PROXY TCP4 {address} 198.51.100.9 8080 443\r\nGET /v1/decision HTTP/1.1\r\nHost: e\r\nX-Original-Method: GET\r\nX-Original-URI: /v1/a\r\n"
            + "X-Original-Host: api.test\r\nX-Forwarded-For: 203.0.113.5\r\nConnection: close\r\n\r\n";
        var decision = edge.Decision!.BaseAddress!;

        Assert.StartsWith("HTTP/1.1 200", await RawHttp.SendAsync(decision, Ask("192.0.2.7")), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 429", await RawHttp.SendAsync(decision, Ask("192.0.2.7")), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", await RawHttp.SendAsync(decision, Ask("192.0.2.8")), StringComparison.Ordinal);
        Assert.Empty(await AnswerAsync(decision, Ask("192.0.2.9")["PROXY TCP4 192.0.2.9 198.51.100.9 8080 443\r\n".Length..]));
    }

    [Fact]
    public async Task ProxyTls_HeaderComesBeforeTheHandshake()
    {
        using var folder = new TempFolder();
        using var certificates = new TestCertificates();
        await using var edge = await TlsPeer.StartAsync(folder, certificates, options => options with
        {
            ProxyProtocol = new ProxyProtocolOptions { Listeners = ["proxy_tls"], Trusted = ["127.0.0.1/32"] },
        });
        var header = ProxyProtocolHeaderTests.Binary(0x21, 0x11, [192, 0, 2, 7, 198, 51, 100, 9, 0x1F, 0x90, 0x01, 0xBB, 0x20, 0, 1, 7]);
        await using var stream = await TlsPeer.ConnectAsync(edge.Address(DoorTag.ProxyTls), "localhost", first: header);

        Assert.StartsWith("HTTP/1.1 200", await TlsPeer.AskAsync(stream), StringComparison.Ordinal);
        Assert.Equal("192.0.2.7", Assert.Single(edge.Upstream.Received.Items).Headers["X-Forwarded-For"]);
        Assert.True(await TlsPeer.IsRefusedAsync(edge.Address(DoorTag.ProxyTls), "localhost"));
    }

    [Fact]
    public async Task Header_ThatDoesNotCome_IsWaitedForAsLongAsAHead()
    {
        await using var edge = await StartAsync("127.0.0.1/32");
        var answer = AnswerAsync(edge.Proxy!.BaseAddress!, "PROXY TCP4 192.0");

        // Time goes on until the edge has begun to wait, and has waited long enough.
        await Eventually.TrueAsync(() =>
        {
            edge.Time.Advance(new ClientOptions().HeaderTimeout);
            return answer.IsCompleted;
        });

        Assert.Empty(await answer);
    }

    // A connection that ends with bytes unread is reset: that is no answer either.
    private static async Task<string> AnswerAsync(Uri address, string request)
    {
        try
        {
            return await RawHttp.SendAsync(address, request);
        }
        catch (IOException)
        {
            return string.Empty;
        }
    }

    private static Task<EdgeUnderTest> StartAsync(string trusted, Func<EdgeOptions, EdgeOptions>? change = null) => EdgeUnderTest.StartAsync(
        PerAddress,
        options => (change ?? (same => same with { TrustedProxies = ["192.0.2.200/32"] }))(options with
        {
            ProxyProtocol = new ProxyProtocolOptions { Listeners = ["proxy", "decision"], Trusted = [trusted] },
        }));
}
