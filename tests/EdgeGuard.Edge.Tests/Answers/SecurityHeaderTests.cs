using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace EdgeGuard.Edge.Tests.Answers;

/// <summary>Security headers through both ways of the proxy and at the decision door: defaults, what is written, and what the upstream says.</summary>
public sealed class SecurityHeaderTests
{
    private const string Policies = """
        policies:
          - id: api
            spec:
              selector: {pathPrefix: /}
              rules:
                - {name: one, limit_keys: ['header:x-api-key'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 3}}
          - id: frames
            spec:
              selector: {pathPrefix: /frames/}
              security_headers: {frame_options: SAMEORIGIN, referrer_policy: ''}
              rules: []
        """;

    private const string Plain = "format: edgeguard/v1\nbundle_version: 1\n" + Policies;

    private const string Written = """
        format: edgeguard/v1
        bundle_version: 1
        security_headers:
          strict_transport_security: max-age=63072000; includeSubDomains; preload
          content_security_policy: default-src 'self'
          permissions_policy: camera=()
          content_type_options: ''

        """ + Policies;

    public static TheoryData<bool> Ways => [false, true];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Defaults_AreOnEveryAnswer_AndGiveWayToTheUpstreams(bool lane)
    {
        await using var edge = await StartAsync(Plain, lane);
        using var plain = await edge.GetAsync("/a", ("x-api-key", "a"));
        edge.Upstream.Answer = context =>
        {
            context.Response.Headers.XFrameOptions = "SAMEORIGIN";
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
            return context.Response.WriteAsync("hello");
        };
        using var theirs = await edge.GetAsync("/a", ("x-api-key", "a"));
        using var refused = await edge.GetAsync("/a");

        Assert.Equal("nosniff|DENY|strict-origin-when-cross-origin|", Told(plain));
        Assert.Equal("nosniff|SAMEORIGIN|no-referrer|", Told(theirs));
        Assert.Equal("403 descriptor_missing", refused.Verdict());
        Assert.Equal("nosniff|DENY|strict-origin-when-cross-origin|", Told(refused));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task WrittenHeaders_ReplaceTheUpstreams_AndAreNeverDoubled(bool lane)
    {
        await using var edge = await StartAsync(Written, lane);
        edge.Upstream.Answer = context =>
        {
            context.Response.Headers.ContentSecurityPolicy = "default-src *";
            context.Response.Headers["Permissions-Policy"] = "camera=*";
            context.Response.Headers.XContentTypeOptions = "theirs";
            return context.Response.WriteAsync("hello");
        };
        using var response = await edge.GetAsync("/a", ("x-api-key", "a"));

        Assert.Equal("default-src 'self'", response.Header("Content-Security-Policy"));
        Assert.Equal("camera=()", response.Header("Permissions-Policy"));

        // An empty text takes a default away, not what the upstream says.
        Assert.Equal("theirs", response.Header("X-Content-Type-Options"));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task PolicysHeaders_WinOverTheBundles_FieldByField(bool lane)
    {
        await using var edge = await StartAsync(Written, lane);
        using var response = await edge.GetAsync("/frames/a", ("x-api-key", "a"));

        Assert.Equal("SAMEORIGIN", response.Header("X-Frame-Options"));
        Assert.Equal("camera=()", response.Header("Permissions-Policy"));
        Assert.Null(response.Header("Referrer-Policy"));
        Assert.Null(response.Header("X-Content-Type-Options"));
    }

    [Theory]
    [InlineData(false, false, "https", null)]
    [InlineData(false, true, "https", "max-age=63072000; includeSubDomains; preload")]
    [InlineData(true, true, "https", "max-age=63072000; includeSubDomains; preload")]
    [InlineData(true, true, "http", null)]
    [InlineData(true, true, "https, http", null)]
    [InlineData(true, true, null, null)]
    public async Task TransportSecurity_IsToldToThoseAloneWhoSpeakTls(bool lane, bool trusted, string? proto, string? wanted)
    {
        await using var edge = await StartAsync(Written, lane, trusted);
        (string, string)[] headers = proto is null ? [("x-api-key", "a")] : [("x-api-key", "a"), ("X-Forwarded-Proto", proto)];
        using var response = await edge.GetAsync("/a", headers);
        using var decided = await edge.DecideAsync("/a", headers);

        Assert.Equal(wanted, response.Header("Strict-Transport-Security"));
        Assert.Equal(wanted, decided.Header("Strict-Transport-Security"));
    }

    [Fact]
    public async Task TransportSecurity_BehindAProxyThatSaysForwarded_IsTold()
    {
        await using var edge = await StartAsync(Written, lane: false, trusted: true);
        using var secure = await edge.GetAsync("/a", ("x-api-key", "a"), ("Forwarded", "for=192.0.2.1;proto=http, for=192.0.2.2;proto=\"https\""));
        using var plain = await edge.GetAsync("/a", ("x-api-key", "a"), ("Forwarded", "for=192.0.2.1;proto=https, for=192.0.2.2;proto=http"));

        Assert.NotNull(secure.Header("Strict-Transport-Security"));
        Assert.Null(plain.Header("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Gateway_IsToldWhatTheBundleSays_AndDefaultsWithRefusalsOnly()
    {
        await using var plain = await StartAsync(Plain, lane: false);
        using var byDefault = await plain.DecideAsync("/a", ("x-api-key", "a"));
        using var refused = await plain.DecideAsync("/a");
        await using var edge = await StartAsync(Written, lane: false);
        using var written = await edge.DecideAsync("/a", ("x-api-key", "a"));

        Assert.Null(byDefault.Header("X-Frame-Options"));
        Assert.Equal("DENY", refused.Header("X-Frame-Options"));
        Assert.Equal("default-src 'self'", written.Header("Content-Security-Policy"));
    }

    [Fact]
    public async Task UpstreamThatCannotBeReached_LeavesAnAnswerWithThem()
    {
        await using var edge = await StartAsync(Plain, lane: true);
        edge.Upstream.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        using var response = await edge.GetAsync("/a", ("x-api-key", "a"));

        Assert.Equal("502 upstream_unavailable", response.Verdict());
        Assert.Equal("DENY", response.Header("X-Frame-Options"));
    }

    private static string Told(HttpResponseMessage response) => string.Join(
        '|',
        response.Header("X-Content-Type-Options"),
        response.Header("X-Frame-Options"),
        response.Header("Referrer-Policy"),
        response.Header("Strict-Transport-Security"));

    private static Task<EdgeUnderTest> StartAsync(string bundle, bool lane, bool trusted = false) => EdgeUnderTest.StartAsync(
        bundle, options => options with { TrustedProxies = trusted ? ["127.0.0.0/8"] : [] }, new EdgeHostSettings { ProxyLane = lane });
}
