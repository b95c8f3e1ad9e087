using System.Net;
using System.Text;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;
using Microsoft.AspNetCore.Http;

namespace EdgeGuard.Edge.Tests.Bounds;

/// <summary>Sizes of requests, through both ways of the proxy and at the decision door.</summary>
public sealed class RequestLimitTests
{
    private const string Bundle = """
        format: edgeguard/v1
        bundle_version: 1
        policies:
          - id: all
            spec:
              selector: {pathPrefix: /}
              rules:
                - {name: few, limit_keys: [], algorithm: token_bucket, algorithm_config: {tokens_per_second: 0.001, burst: 1}}
          - id: small
            spec:
              selector: {pathPrefix: /small}
              request_limits: {max_body_bytes: 10, max_header_bytes: 400, max_header_count: 8, max_uri_bytes: 40, timeout: 10s}
              rules: []
          - id: watched
            spec:
              mode: shadow
              selector: {pathPrefix: /watched}
              request_limits: {max_uri_bytes: 10}
              rules: []
        """;

    public static TheoryData<bool> Ways => [false, true];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task TooLargeRequest_IsRefusedBeforeItCostsAnything(bool lane)
    {
        await using var edge = await StartAsync(lane);
        var tooMany = Enumerable.Range(0, 9).Select(i => ($"x-{i}", "1")).ToArray();
        using var uri = await edge.GetAsync("/small?" + new string('a', 34));
        using var header = await edge.GetAsync("/small", ("x-long", new string('a', 400)));
        using var count = await edge.GetAsync("/small", tooMany);
        using var body = await edge.Proxy!.PostAsync("/small", new StringContent(new string('a', 11)));
        using var fits = await edge.Proxy.PostAsync("/small?" + new string('a', 33), new ByteArrayContent(new byte[10]));
        using var spent = await edge.GetAsync("/small");

        Assert.Equal("414 too_large", uri.Verdict());
        Assert.Equal("431 too_large", header.Verdict());
        Assert.Equal("431 too_large", count.Verdict());
        Assert.Equal("413 too_large", body.Verdict());
        Assert.Equal("200 allow", fits.Verdict());
        Assert.Equal("429 token_bucket_exceeded", spent.Verdict());
        Assert.Equal(1, edge.Upstream.Count);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task BodyOfUnknownLength_IsCountedWhileItStreams(bool lane)
    {
        await using var edge = await StartAsync(lane);
        edge.Upstream.Answer = async context =>
        {
            // Answers only when it has all of it.
            await context.Request.Body.CopyToAsync(Stream.Null);
            await context.Response.WriteAsync("all of it");
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/small")
        {
            Content = new StringContent(new string('a', 11)),
            Headers = { TransferEncodingChunked = true },
        };
        using var response = await edge.Proxy!.SendAsync(request);

        Assert.Equal("413 too_large", response.Verdict());
        Assert.Equal("DENY", response.Header("X-Frame-Options"));
    }

    [Fact]
    public async Task BodyOfUnknownLength_ThatFits_GoesUpWhole()
    {
        await using var edge = await StartAsync(lane: true);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/small")
        {
            Content = new StringContent("0123456789"),
            Headers = { TransferEncodingChunked = true },
        };
        using var response = await edge.Proxy!.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("0123456789", Encoding.UTF8.GetString(Assert.Single(edge.Upstream.Received.Items).Body));
    }

    [Fact]
    public async Task ShadowPolicy_RefusesNothingForItsSize()
    {
        await using var edge = await StartAsync(lane: false);
        using var response = await edge.GetAsync("/watched/and/longer/than/ten");

        Assert.Equal("200 allow", response.Verdict());
    }

    [Fact]
    public async Task DecisionDoor_LooksAtTheTargetAndTheHeaders()
    {
        await using var edge = await StartAsync(lane: false);
        using var uri = await edge.DecideAsync("/small?" + new string('a', 34));
        using var header = await edge.DecideAsync("/small", ("x-long", new string('a', 400)));
        using var other = await edge.DecideAsync("/other?" + new string('a', 100));

        Assert.Equal("414 too_large", uri.Verdict());
        Assert.Equal("reject", uri.Header("X-EdgeGuard-Decision"));
        Assert.Equal("431 too_large", header.Verdict());
        Assert.Equal("200 allow", other.Verdict());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Timeout_OfAPolicy_IsShorterThanTheClusters(bool lane)
    {
        await using var edge = await EdgeUnderTest.StartAsync(
            Bundle,
            options => options with
            {
                Clusters = options.Clusters.SetItem("default", options.Clusters["default"] with { Timeout = TimeSpan.FromDays(1) }),
            },
            new EdgeHostSettings { ProxyLane = lane });
        var arrived = new Signal();
        edge.Upstream.Answer = async context =>
        {
            arrived.Set();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        };
        var pending = edge.GetAsync("/small");
        await arrived.WaitAsync();

        // The clock that bounds it may be started a moment after the upstream has the request.
        await Eventually.TrueAsync(() =>
        {
            edge.Time.Advance(TimeSpan.FromSeconds(11));
            return pending.IsCompleted;
        });
        using var response = await pending;
        Assert.Equal("504 upstream_unavailable", response.Verdict());
    }

    private static Task<EdgeUnderTest> StartAsync(bool lane) => EdgeUnderTest.StartAsync(Bundle, settings: new EdgeHostSettings { ProxyLane = lane });
}
