using System.Net;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Tests.Doors;

public sealed class DecisionDoorTests
{
    [Fact]
    public async Task Decision_Allowed_IsEmptyAndTellsTheLimit()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey());
        using var response = await edge.DecideAsync("/v1/a", ("x-api-key", "a"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("allow", response.Header("X-EdgeGuard-Decision"));
        Assert.Equal("\"api\";q=3;w=3", response.Header("RateLimit-Policy"));
        Assert.StartsWith("\"api\";r=2;t=", response.Header("RateLimit"), StringComparison.Ordinal);
        Assert.Equal("no-store", response.Header("Cache-Control"));
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Decision_WithDeny403_GivesTheTrueStatusInAHeader()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(burst: 1));
        (await edge.DecideAsync("/v1/a", ("x-api-key", "a"))).Dispose();
        using var response = await EdgeUnderTest.SendAsync(
            edge.Decision!,
            HttpMethod.Get,
            "/v1/decision?deny=403",
            ("X-Original-Method", "GET"),
            ("X-Original-URI", "/v1/a"),
            ("X-Original-Host", "api.test"),
            ("x-api-key", "a"));

        Assert.Equal("403 token_bucket_exceeded", response.Verdict());
        Assert.Equal("429", response.Header("X-EdgeGuard-Status"));
        Assert.NotNull(response.Header("Retry-After"));
    }

    [Theory]
    [InlineData("X-Original-Method")]
    [InlineData("X-Original-URI")]
    [InlineData("X-Original-Host")]
    public async Task Decision_WithAHeaderMissingOrRepeated_IsMalformed(string name)
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey());
        (string Name, string Value)[] all = [("X-Original-Method", "GET"), ("X-Original-URI", "/v1/a"), ("X-Original-Host", "api.test")];
        using var missing = await EdgeUnderTest.SendAsync(
            edge.Decision!, HttpMethod.Get, "/v1/decision", [.. all.Where(header => header.Name != name)]);

        // Two lines of one name; a client joins them with a comma, so this goes over a socket.
        var lines = all.Append((name, "other")).Select(header => $"{header.Item1}: {header.Item2}\r\n");
        var repeated = await RawHttp.SendAsync(edge.Decision!.BaseAddress!, $"GET /v1/decision HTTP/1.1\r\nHost: x\r\n{string.Concat(lines)}Connection: close\r\n\r\n");

        Assert.Equal("400 malformed_request", missing.Verdict());
        Assert.StartsWith("HTTP/1.1 400", repeated, StringComparison.Ordinal);
        Assert.Contains("X-EdgeGuard-Reason: malformed_request", repeated, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/livez")]
    [InlineData("/metrics")]
    [InlineData("/v1/decisions")]
    [InlineData("/v1/decision/envoy")]
    [InlineData("/v1/decision/")]
    public async Task DecisionListener_OtherPath_IsNotFound(string path)
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey());
        using var response = await EdgeUnderTest.SendAsync(edge.Decision!, HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(0, edge.Upstream.Count);
    }

    [Fact]
    public async Task DecisionPath_AtTheProxy_IsForwardedLikeAnyOther()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open());
        using var response = await edge.GetAsync("/v1/decision");

        Assert.Equal("hello", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("wrong", HttpStatusCode.Unauthorized)]
    [InlineData("right", HttpStatusCode.OK)]
    public async Task DecisionListener_WithASharedSecret_WantsIt(string? secret, HttpStatusCode status)
    {
        await using var edge = await EdgeUnderTest.StartAsync(
            TestBundles.Open(), options => options with { DecisionSharedSecret = new SecretText("right") });
        using var response = await edge.DecideAsync("/", secret is null ? [] : [(DecisionSecret.Header, secret)]);

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Decision_OverUnixSocket_Answers()
    {
        await using var edge = await EdgeUnderTest.StartAsync(
            TestBundles.Open(), options => options with { Listen = options.Listen with { Decision = "unix:" + options.StateDir + ".sock" } });
        var path = edge.Host.AddressOf(DoorTag.Decision)!["unix:".Length..];
        var answer = await RawHttp.SendAsync(
            new System.Net.Sockets.UnixDomainSocketEndPoint(path),
            "GET /v1/decision/envoy/a HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decision_OverCleartextHttp2_Answers()
    {
        await using var edge = await EdgeUnderTest.StartAsync(
            TestBundles.Open(), options => options with { Listen = options.Listen with { DecisionHttp2 = "127.0.0.1:0" } });
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, edge.Host.AddressOf(DoorTag.DecisionHttp2) + "/v1/decision/envoy/a")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(HttpVersion.Version20, response.Version);
    }
}
