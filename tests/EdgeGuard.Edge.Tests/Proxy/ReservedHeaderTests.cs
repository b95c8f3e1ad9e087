using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;
using Microsoft.AspNetCore.Http;

namespace EdgeGuard.Edge.Tests.Proxy;

/// <summary>An upstream cannot speak in the edge's name.</summary>
public sealed class ReservedHeaderTests
{
    [Fact]
    public async Task ReservedHeaders_OfAnUpstream_AreRemoved()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open(), options => options with { HeaderPrefix = "X-Ours-" });
        edge.Upstream.Answer = context =>
        {
            context.Response.Headers["X-EdgeGuard-Reason"] = "faked";
            context.Response.Headers["x-ours-warning"] = "faked";
            context.Response.Headers["X-Ours-Decision-Id"] = "faked";
            context.Response.Headers["X-Theirs"] = "kept";
            return context.Response.WriteAsync("hello");
        };
        using var response = await edge.GetAsync("/a");

        Assert.DoesNotContain("faked", response.Headers.ToString(), StringComparison.Ordinal);
        Assert.Equal("kept", response.Header("X-Theirs"));
        Assert.Matches("^[0-9a-f]{32}$", response.Header("X-Ours-Decision-Id"));
    }

    [Fact]
    public async Task ReservedTrailers_OfAnUpstream_AreRemoved()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open());
        edge.Upstream.Answer = async context =>
        {
            context.Response.DeclareTrailer("X-EdgeGuard-Reason");
            context.Response.DeclareTrailer("X-Theirs");
            await context.Response.WriteAsync("hello");
            context.Response.AppendTrailer("X-EdgeGuard-Reason", "faked");
            context.Response.AppendTrailer("X-Theirs", "kept");
        };
        var answer = await RawHttp.SendAsync(
            edge.Proxy!.BaseAddress!, "GET /a HTTP/1.1\r\nHost: api.test\r\nTE: trailers\r\nConnection: close\r\n\r\n").Within("an answer");

        Assert.DoesNotContain("faked", answer, StringComparison.Ordinal);
    }
}
