using System.Net;
using System.Text;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using Microsoft.AspNetCore.Http;

namespace EdgeGuard.Edge.Tests.Proxy;

public sealed class ForwardingTests
{
    [Theory]
    [InlineData("/a/../b?x=1&y=%20", "/b?x=1&y=%20")]
    [InlineData("/%61%2Db", "/a-b")]
    [InlineData("/a//b", "/a//b")]
    [InlineData("/a%20b", "/a%20b")]
    [InlineData("/?", "/?")]
    [InlineData("/a?x=/../../b", "/a?x=/../../b")]
    public async Task Target_IsForwarded_ExactlyAsMatched(string sent, string seen)
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open());
        var answer = await RawHttp.SendAsync(edge.Proxy!.BaseAddress!, $"GET {sent} HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Equal(seen, Assert.Single(edge.Upstream.Received.Items).RawTarget);
    }

    [Fact]
    public async Task AbsoluteTarget_IsForwarded_InOriginForm()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open());
        var answer = await RawHttp.SendAsync(
            edge.Proxy!.BaseAddress!, "GET http://api.test/x/../a?q=1 HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Equal("/a?q=1", Assert.Single(edge.Upstream.Received.Items).RawTarget);
    }

    [Theory]
    [InlineData("/a%2fb")]
    [InlineData("/a%5cb")]
    [InlineData("/%zz")]
    [InlineData("/a?x=\u0001")]
    [InlineData("/a?x#y")]
    public async Task AmbiguousTarget_IsRefused_AndNotForwarded(string target)
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open());
        var answer = await RawHttp.SendAsync(edge.Proxy!.BaseAddress!, $"GET {target} HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Equal(0, edge.Upstream.Count);
    }

    [Fact]
    public async Task Body_IsForwarded_WhateverItsFraming()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open());
        var text = new string('x', 100_000);
        using var sized = await edge.Proxy!.PostAsync("/sized", new StringContent(text));
        using var chunked = await edge.Proxy.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/chunked")
        {
            Content = new StringContent(text),
            Headers = { TransferEncodingChunked = true },
        });

        Assert.All(edge.Upstream.Received.Items, request => Assert.Equal(text, Encoding.UTF8.GetString(request.Body)));
        Assert.Equal("100000", edge.Upstream.Received.Items[0].Headers["Content-Length"]);
        Assert.Equal(2, edge.Upstream.Count);
    }

    [Fact]
    public async Task Events_ArriveWhileTheUpstreamIsStillSending()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open());
        var go = new Signal();
        edge.Upstream.Answer = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: 1\n\n");
            await context.Response.Body.FlushAsync();
            await go.WaitAsync();
            await context.Response.WriteAsync("data: 2\n\n");
        };
        using var response = await edge.Proxy!.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead).Within("headers");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal("data: 1", await reader.ReadLineAsync().Within("the first event"));
        go.Set();
        Assert.Contains("data: 2", await reader.ReadToEndAsync().Within("the rest"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AllowedResponse_TellsOurLimit_NotTheUpstreams()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey());
        edge.Upstream.Answer = context =>
        {
            context.Response.Headers["RateLimit"] = "\"theirs\";r=9;t=9";
            return context.Response.WriteAsync("hello");
        };
        using var response = await edge.GetAsync("/v1/a", ("x-api-key", "a"));

        Assert.StartsWith("\"api\";r=2;", response.Header("RateLimit"), StringComparison.Ordinal);
        Assert.DoesNotContain("theirs", response.Header("RateLimit"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policy_ThatNamesACluster_GoesThere()
    {
        await using var other = await FakeUpstream.StartAsync();
        other.Answer = context => context.Response.WriteAsync("other");
        const string bundle = """
            format: edgeguard/v1
            bundle_version: 1
            policies:
              - id: special
                spec:
                  selector: {pathPrefix: /special/}
                  cluster: other
                  rules:
                    - {name: wide, limit_keys: [], algorithm: token_bucket, algorithm_config: {tokens_per_second: 100, burst: 100}}
            """;
        await using var edge = await EdgeUnderTest.StartAsync(bundle, options => options with
        {
            Clusters = options.Clusters.Add("other", new ClusterOptions { Destinations = [other.Address.AbsoluteUri] }),
        });

        Assert.Equal("other", await edge.Proxy!.GetStringAsync("/special/a"));
        Assert.Equal("hello", await edge.Proxy.GetStringAsync("/else"));
    }

    [Fact]
    public async Task Upstream_ThatIsGone_Gives502()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open(), options => options with
        {
            // Port 1 is reserved and nobody's.
            Clusters = options.Clusters.SetItem("default", new ClusterOptions { Destinations = ["http://127.0.0.1:1"] }),
        });
        using var response = await edge.GetAsync("/a");
        var body = await response.Content.ReadAsStringAsync();

        Assert.Equal("502 upstream_unavailable", response.Verdict());
        Assert.Equal("application/problem+json", response.Header("Content-Type"));
        Assert.DoesNotContain("127.0.0.1", body, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upstream_ThatDoesNotAnswerInTime_Gives504()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open());
        var arrived = new Signal();
        edge.Upstream.Answer = context =>
        {
            arrived.Set();
            return Aborted(context);
        };
        var pending = edge.GetAsync("/slow");
        await arrived.WaitAsync();
        await Eventually.TrueAsync(() =>
        {
            edge.Time.Advance(TimeSpan.FromSeconds(61));
            return pending.IsCompleted;
        });
        using var response = await pending;

        Assert.Equal("504 upstream_unavailable", response.Verdict());
    }

    [Fact]
    public async Task Head_OfARejection_HasNoBody()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey());
        var answer = await RawHttp.SendAsync(edge.Proxy!.BaseAddress!, "HEAD /v1/a HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 403", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_OfTheUpstream_IsPassedOn()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open());
        edge.Upstream.Answer = context =>
        {
            context.Response.StatusCode = 503;
            return context.Response.WriteAsync("theirs");
        };
        using var response = await edge.GetAsync("/a");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("theirs", await response.Content.ReadAsStringAsync());
        Assert.Null(response.Header("X-EdgeGuard-Reason"));
    }

    private static async Task Aborted(HttpContext context)
    {
        var aborted = new Signal();
        await using var registration = context.RequestAborted.Register(aborted.Set);
        await aborted.WaitAsync("end of the forwarded request");
    }
}
