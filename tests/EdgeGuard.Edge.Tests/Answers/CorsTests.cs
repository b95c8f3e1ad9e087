using System.Net;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace EdgeGuard.Edge.Tests.Answers;

/// <summary>The CORS protocol of the Fetch standard, through both ways of the proxy and at the decision door.</summary>
public sealed class CorsTests
{
    private const string Bundle = """
        format: edgeguard/v1
        bundle_version: 1
        api_keys: []
        policies:
          - id: api
            spec:
              selector: {pathPrefix: /api/, methods: [GET, PUT]}
              cors:
                allowed_origins: ['https://app.example', 'http://localhost:5173']
                allowed_methods: [GET, PUT]
                allowed_headers: [content-type, x-api-key]
                exposed_headers: [x-request-id, RateLimit]
                allow_credentials: true
                max_age: 5m
              rules:
                - {name: one, limit_keys: ['header:x-api-key'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 1}}
          - id: open
            spec:
              selector: {pathPrefix: /open/}
              cors: {allowed_origins: ['*']}
              rules: []
          - id: secret
            spec:
              selector: {pathPrefix: /secret/}
              identity: required
              identity_options: {kinds: [api_key]}
              cors: {allowed_origins: ['https://app.example']}
              rules: []
        """;

    private const string App = "https://app.example";

    public static TheoryData<bool> Ways => [false, true];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Preflight_IsAnsweredAtTheEdge_AndSpendsNothing(bool lane)
    {
        await using var edge = await StartAsync(lane);
        for (var i = 0; i < 3; i++)
        {
            using var preflight = await PreflightAsync(edge, "/api/x", App, "PUT");

            Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
            Assert.Equal(App, preflight.Header("Access-Control-Allow-Origin"));
            Assert.Equal("true", preflight.Header("Access-Control-Allow-Credentials"));
            Assert.Equal("GET, PUT", preflight.Header("Access-Control-Allow-Methods"));
            Assert.Equal("content-type, x-api-key", preflight.Header("Access-Control-Allow-Headers"));
            Assert.Equal("300", preflight.Header("Access-Control-Max-Age"));
            Assert.Equal("Origin", preflight.Header("Vary"));
            Assert.Null(preflight.Header("Access-Control-Expose-Headers"));
        }

        Assert.Equal(0, edge.Upstream.Count);
        using var real = await edge.GetAsync("/api/x", ("Origin", App), ("x-api-key", "a"));
        Assert.Equal("200 allow", real.Verdict());
    }

    [Fact]
    public async Task Preflight_NeedsNoIdentity_AndIsCounted()
    {
        await using var edge = await StartAsync(lane: false);
        using var allowed = await PreflightAsync(edge, "/secret/x", App, "GET");
        using var refused = await PreflightAsync(edge, "/secret/x", "https://evil.example", "GET");
        using var metrics = await edge.Probes.GetAsync("/metrics");
        var text = await metrics.Content.ReadAsStringAsync();

        Assert.Equal(App, allowed.Header("Access-Control-Allow-Origin"));
        Assert.Contains("edgeguard_cors_preflights_total{outcome=\"allowed\"} 1", text, StringComparison.Ordinal);
        Assert.Contains("edgeguard_cors_preflights_total{outcome=\"refused\"} 1", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://app.example.evil.example")]
    [InlineData("https://APP.example")]
    [InlineData("https://app.example:443")]
    [InlineData("http://app.example")]
    [InlineData("https://app.example/")]
    [InlineData("null")]
    [InlineData("*")]
    public async Task OtherOrigin_IsToldNothing(string origin)
    {
        await using var edge = await StartAsync(lane: false);
        using var preflight = await PreflightAsync(edge, "/api/x", origin, "PUT");
        using var real = await edge.GetAsync("/api/x", ("Origin", origin), ("x-api-key", "a"));

        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        foreach (var response in (HttpResponseMessage[])[preflight, real])
        {
            Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
            Assert.Equal("Origin", response.Header("Vary"));
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Answer_TellsThePage_WhateverTheUpstreamSays(bool lane)
    {
        await using var edge = await StartAsync(lane);
        edge.Upstream.Answer = context =>
        {
            context.Response.Headers.AccessControlAllowOrigin = "*";
            context.Response.Headers.AccessControlAllowMethods = "DELETE";
            context.Response.Headers["Access-Control-Allow-Private-Network"] = "true";
            context.Response.Headers.Vary = "Accept-Encoding";
            return context.Response.WriteAsync("hello");
        };
        using var page = await edge.GetAsync("/api/x", ("Origin", App), ("x-api-key", "a"));
        using var other = await edge.GetAsync("/other", ("Origin", App));

        Assert.Equal(App, page.Header("Access-Control-Allow-Origin"));
        Assert.Equal("true", page.Header("Access-Control-Allow-Credentials"));
        Assert.Equal("x-request-id, RateLimit", page.Header("Access-Control-Expose-Headers"));
        Assert.Null(page.Header("Access-Control-Allow-Methods"));
        Assert.Null(page.Header("Access-Control-Allow-Private-Network"));
        Assert.Equal("Accept-Encoding, Origin", page.Header("Vary"));

        // Where no policy says anything of it, the upstream does.
        Assert.Equal("*", other.Header("Access-Control-Allow-Origin"));
        Assert.Equal("Accept-Encoding", other.Header("Vary"));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Refusals_CanBeReadByThePage(bool lane)
    {
        await using var edge = await StartAsync(lane);
        using var admitted = await edge.GetAsync("/api/x", ("Origin", App), ("x-api-key", "a"));
        using var limited = await edge.GetAsync("/api/x", ("Origin", App), ("x-api-key", "a"));
        using var missing = await edge.GetAsync("/api/x", ("Origin", App));
        using var unknown = await edge.GetAsync("/secret/x", ("Origin", App));

        Assert.Equal("429 token_bucket_exceeded", limited.Verdict());
        Assert.Equal("403 descriptor_missing", missing.Verdict());
        Assert.Equal("401 identity_required", unknown.Verdict());
        foreach (var refused in (HttpResponseMessage[])[limited, missing, unknown])
        {
            Assert.Equal(App, refused.Header("Access-Control-Allow-Origin"));
            Assert.Equal("Origin", refused.Header("Vary"));
        }
    }

    [Fact]
    public async Task AnyOrigin_IsTheStarAndNeverAReflection_NorForTheOpaqueOrigin()
    {
        await using var edge = await StartAsync(lane: false);
        using var page = await edge.GetAsync("/open/x", ("Origin", "https://anyone.example"));
        using var opaque = await edge.GetAsync("/open/x", ("Origin", "null"));
        using var none = await edge.GetAsync("/open/x");

        Assert.Equal("*", page.Header("Access-Control-Allow-Origin"));
        Assert.Null(page.Header("Access-Control-Allow-Credentials"));
        Assert.Null(opaque.Header("Access-Control-Allow-Origin"));
        Assert.Null(none.Header("Access-Control-Allow-Origin"));
        Assert.Equal("Origin", none.Header("Vary"));
    }

    [Fact]
    public async Task Options_ThatIsNoPreflight_GoesOnLikeAnyRequest()
    {
        await using var edge = await StartAsync(lane: true);
        using var withoutMethod = await EdgeUnderTest.SendAsync(edge.Proxy!, HttpMethod.Options, "/open/x", ("Origin", App));
        using var withoutOrigin = await EdgeUnderTest.SendAsync(edge.Proxy!, HttpMethod.Options, "/open/x", ("Access-Control-Request-Method", "GET"));
        using var otherPath = await PreflightAsync(edge, "/other", App, "GET");
        using var otherMethod = await PreflightAsync(edge, "/api/x", App, "DELETE");

        Assert.All([withoutMethod, withoutOrigin, otherPath, otherMethod], response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equal(4, edge.Upstream.Count);
    }

    [Fact]
    public async Task Gateway_GetsWhatItHasToTellThePage()
    {
        await using var edge = await StartAsync(lane: false);
        using var preflight = await EdgeUnderTest.SendAsync(
            edge.Decision!,
            HttpMethod.Get,
            "/v1/decision",
            ("X-Original-Method", "OPTIONS"),
            ("X-Original-URI", "/api/x"),
            ("X-Original-Host", "api.test"),
            ("Origin", App),
            ("Access-Control-Request-Method", "PUT"));
        using var admitted = await edge.DecideAsync("/api/x", ("Origin", App), ("x-api-key", "a"));
        using var refused = await edge.DecideAsync("/api/x", ("Origin", App), ("x-api-key", "a"));

        Assert.Equal("200 allow", preflight.Verdict());
        Assert.Equal("GET, PUT", preflight.Header("Access-Control-Allow-Methods"));
        Assert.Equal(App, admitted.Header("Access-Control-Allow-Origin"));
        Assert.Equal("429 token_bucket_exceeded", refused.Verdict());
        Assert.Equal(App, refused.Header("Access-Control-Allow-Origin"));
    }

    private static Task<HttpResponseMessage> PreflightAsync(EdgeUnderTest edge, string path, string origin, string method) => EdgeUnderTest.SendAsync(
        edge.Proxy!,
        HttpMethod.Options,
        path,
        ("Origin", origin),
        ("Access-Control-Request-Method", method),
        ("Access-Control-Request-Headers", "content-type"));

    private static Task<EdgeUnderTest> StartAsync(bool lane) => EdgeUnderTest.StartAsync(Bundle, settings: new EdgeHostSettings { ProxyLane = lane });
}
