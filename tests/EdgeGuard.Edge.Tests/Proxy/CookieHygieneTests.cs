using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Proxy;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Engine.Facts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace EdgeGuard.Edge.Tests.Proxy;

public sealed class CookieHygieneTests
{
    [Theory]
    [InlineData("a=1; sid=x; b=2", "a=1; sid=x; b=2")]
    [InlineData("a=1;sid=x;  b=2", "a=1;sid=x;  b=2")]
    [InlineData("sid=x; a=1; sid=y; b=2; sid=z", "sid=x; a=1; b=2")]
    [InlineData("sid=; sid=y", "sid=")]
    [InlineData("sid=x; s_id=1; s.id=2", "sid=x; s_id=1")]
    [InlineData("s.id=1; s_id=2", "s_id=2")]
    [InlineData("s id=1", null)]
    [InlineData("sid[0]=1; sid=x", "sid=x")]
    [InlineData("x=\"1; sid=a\"; sid=b", "x=\"1; sid=a\"")]
    [InlineData("SID=1; sid=x; theme=2; theme=3", "SID=1; sid=x; theme=2; theme=3")]
    [InlineData("; ;sid=x;;sid=y;", "sid=x")]
    public void Clean_Cookies_KeepsTheFirstOfWhatIsRead(string header, string? kept) => Assert.Equal(kept, Cleaned(header));

    [Fact]
    public void Clean_SeveralLines_AreOne() => Assert.Equal("a=1; sid=x; b=2", Cleaned("a=1; sid=x", "sid=y; b=2"));

    [Fact]
    public async Task RepeatedCookie_IsForwarded_AsItWasCounted()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey().Replace("header:x-api-key", "cookie:sid", StringComparison.Ordinal));
        await RawHttp.SendAsync(
            edge.Proxy!.BaseAddress!,
            "GET /v1/a HTTP/1.1\r\nHost: api.test\r\nCookie: sid=a; theme=1\r\nCookie: sid=victim; theme=2\r\nConnection: close\r\n\r\n");
        Assert.Equal("sid=a; theme=1; theme=2", Assert.Single(edge.Upstream.Received.Items).Headers["Cookie"]);
    }

    [Fact]
    public async Task RepeatedUserAgent_IsForwarded_AsItWasRead()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey().Replace("header:x-api-key", "ua:bot", StringComparison.Ordinal));
        await RawHttp.SendAsync(
            edge.Proxy!.BaseAddress!,
            "GET /v1/a HTTP/1.1\r\nHost: api.test\r\nUser-Agent: curl/8\r\nUser-Agent: Chrome\r\nUser_Agent: x\r\nConnection: close\r\n\r\n");
        var seen = Assert.Single(edge.Upstream.Received.Items);
        Assert.Equal("curl/8", seen.Headers["User-Agent"]);
        Assert.DoesNotContain("User_Agent", seen.Headers.Keys);
    }

    private static string? Cleaned(params string[] lines)
    {
        var headers = new DefaultHttpContext().Request.Headers;
        headers.Cookie = new StringValues(lines);
        CookieHygiene.Clean(headers, new FactPlan([new(DescriptorKind.Cookie, "sid"), new(DescriptorKind.Cookie, "s_id")]));
        return headers.Cookie.Count == 0 ? null : headers.Cookie.ToString();
    }
}
