using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Proxy;

public sealed class HeaderHygieneTests
{
    [Fact]
    public async Task GatewayHeaders_FromAClient_AreRemoved()
    {
        var seen = await Send("X-Original-URI: /a\r\nX-EdgeGuard-Anything: 1\r\nx_original_uri: /a\r\nX_EdgeGuard_Reason: 1\r\nX-Kept: 1\r\n");

        Assert.Equal(["Host", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Kept"], Names(seen));
    }

    [Fact]
    public async Task ForwardingHeaders_FromAStranger_AreReplaced()
    {
        var seen = await Send("X-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Host: evil\r\nX-Forwarded-Proto: https\r\nForwarded: for=9.9.9.9\r\nX-Real-IP: 9.9.9.9\r\nX-Forwarded-Prefix: /x\r\n");

        Assert.Equal("127.0.0.1", seen.Headers["X-Forwarded-For"]);
        Assert.Equal("api.test", seen.Headers["X-Forwarded-Host"]);
        Assert.Equal("http", seen.Headers["X-Forwarded-Proto"]);
        Assert.Equal(["Host", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"], Names(seen));
    }

    [Fact]
    public async Task ForwardingHeaders_FromATrustedProxy_AreAppendedTo()
    {
        var seen = await Send(
            "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Host: shop.test\r\nX-Forwarded-Proto: https\r\nForwarded: for=192.0.2.7\r\n", "127.0.0.0/8");

        Assert.Equal("192.0.2.7, 127.0.0.1", seen.Headers["X-Forwarded-For"]);
        Assert.Equal("for=192.0.2.7, for=127.0.0.1", seen.Headers["Forwarded"]);
        Assert.Equal("shop.test", seen.Headers["X-Forwarded-Host"]);
        Assert.Equal("https", seen.Headers["X-Forwarded-Proto"]);
    }

    // The server keeps only "close" or "keep-alive" of a Connection header that holds either, so the options stand alone here.
    [Fact]
    public async Task HopByHopHeaders_AreRemoved_WithThoseNamedByConnection()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open());
        using var response = await edge.GetAsync(
            "/a",
            ("Connection", "X-Secret-Hop, X-Forwarded-For, Host, Content-Length"),
            ("X-Secret-Hop", "1"),
            ("Keep-Alive", "timeout=5"),
            ("Proxy-Authorization", "Basic x"),
            ("TE", "gzip"));
        var seen = Assert.Single(edge.Upstream.Received.Items);

        Assert.Equal("127.0.0.1", seen.Headers["X-Forwarded-For"]);
        Assert.NotEmpty(seen.Host);
        Assert.DoesNotContain("X-Secret-Hop", seen.Headers.Keys);
        Assert.DoesNotContain("Keep-Alive", seen.Headers.Keys);
        Assert.DoesNotContain("Proxy-Authorization", seen.Headers.Keys);
        Assert.DoesNotContain("TE", seen.Headers.Keys);
    }

    [Fact]
    public async Task DescriptorHeader_NamedByConnection_CountsAsMissing()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey());
        using var response = await edge.GetAsync("/v1/a", ("x-api-key", "a"), ("Connection", "x-api-key"));

        Assert.Equal("403 descriptor_missing", response.Verdict());
    }

    [Fact]
    public async Task Twin_OfADescriptorHeader_IsNotForwarded()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey());
        await RawHttp.SendAsync(
            edge.Proxy!.BaseAddress!, "GET /v1/a HTTP/1.1\r\nHost: api.test\r\nx-api-key: a\r\nx_api_key: victim\r\nConnection: close\r\n\r\n");
        var seen = Assert.Single(edge.Upstream.Received.Items);

        Assert.Equal("a", seen.Headers["x-api-key"]);
        Assert.DoesNotContain("x_api_key", seen.Headers.Keys);
    }

    [Theory]
    [InlineData("x-api-key: a\r\nX-Api-Key: victim\r\n", "/v1/a")]
    [InlineData("x-api-key: a\r\nContent_Length: 30\r\nTransfer_Encoding: chunked\r\n", "/v1/a")]
    public async Task RequestWithTwoReadings_IsForwarded_AsItWasCounted(string headers, string target)
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey());
        await RawHttp.SendAsync(
            edge.Proxy!.BaseAddress!, $"GET {target} HTTP/1.1\r\nHost: api.test\r\n{headers}Connection: close\r\n\r\n");
        var seen = Assert.Single(edge.Upstream.Received.Items);

        Assert.Equal("a", seen.Headers["x-api-key"]);
        Assert.DoesNotContain(seen.Headers.Keys, name => name.Contains('_', StringComparison.Ordinal));
    }

    [Fact]
    public async Task RepeatedParameter_IsForwarded_AsItWasCounted()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey().Replace("header:x-api-key", "query:key", StringComparison.Ordinal));
        using var response = await edge.GetAsync("/v1/a?key=a&x=1&x=2&k%65y=%61");

        Assert.Equal("/v1/a?key=a&x=1&x=2", Assert.Single(edge.Upstream.Received.Items).RawTarget);
    }

    [Theory]
    [InlineData("/v1/a?key=a&key=victim")]
    [InlineData("/v1/a?key=&key=victim")]
    public async Task ParameterWithTwoValues_IsRefused_AtEveryDoor(string target)
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey().Replace("header:x-api-key", "query:key", StringComparison.Ordinal));
        using var proxied = await edge.GetAsync(target);
        var asked = await RawHttp.SendAsync(
            edge.Decision!.BaseAddress!,
            $"GET /v1/decision HTTP/1.1\r\nHost: x\r\nX-Original-Method: GET\r\nX-Original-URI: {target}\r\nX-Original-Host: api.test\r\nConnection: close\r\n\r\n");

        Assert.Equal(401, (int)proxied.StatusCode);
        Assert.StartsWith("HTTP/1.1 401", asked, StringComparison.Ordinal);
        Assert.Empty(edge.Upstream.Received.Items);
    }

    [Fact]
    public async Task OriginalHost_IsKept()
    {
        var seen = await Send(string.Empty);

        Assert.Equal("api.test", seen.Host);
    }

    private static async Task<ReceivedRequest> Send(string headers, params string[] trusted)
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open(), options => options with { TrustedProxies = [.. trusted] });
        var answer = await RawHttp.SendAsync(edge.Proxy!.BaseAddress!, $"GET /a HTTP/1.1\r\nHost: api.test\r\n{headers}Connection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        return Assert.Single(edge.Upstream.Received.Items);
    }

    // The forwarder adds tracing headers of its own; they say nothing of the client.
    private static IEnumerable<string> Names(ReceivedRequest request) => request.Headers.Keys
        .Where(name => !name.Equals("traceparent", StringComparison.OrdinalIgnoreCase))
        .Order(StringComparer.Ordinal);
}
