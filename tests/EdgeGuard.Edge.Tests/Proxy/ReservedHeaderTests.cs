using EdgeGuard.Edge.Rejections;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Options;
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

    // The proxy's clients speak HTTP/1.1, to which the server sends no trailers yet.
    [Fact]
    public void ReservedTrailers_OfAnUpstream_AreNotCopied()
    {
        using var answer = new HttpResponseMessage();
        answer.TrailingHeaders.Add("X-EdgeGuard-Reason", "faked");
        answer.TrailingHeaders.Add("x-ours-reason", "faked");
        answer.TrailingHeaders.Add("X-Theirs", ["a", "b"]);
        var copied = new HeaderDictionary();
        new ReservedHeaders(new EdgeOptions { HeaderPrefix = "X-Ours-" }).CopyOthers(answer.TrailingHeaders, copied);

        Assert.Equal(["X-Theirs"], copied.Keys);
        Assert.Equal("a,b", copied["X-Theirs"].ToString());
    }
}
