using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Edge.Tests.Pipeline;

/// <summary>Each descriptor at the proxy and at the decision door, over real connections.</summary>
public sealed class DescriptorTests
{
    private const string Googlebot = "User-Agent: Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)\r\n";
    private const string Chrome = "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36\r\n";

    [Theory]
    [InlineData("Cookie: theme=dark; sid=alice\r\n", FactProbe.Expected)]
    [InlineData("Cookie: sid=\"alice\"; theme=dark\r\n", FactProbe.Expected)]
    [InlineData("Cookie: theme=dark\r\nCookie: sid=alice\r\n", FactProbe.Expected)]
    [InlineData("Cookie: sid=alice; sid=bob\r\n", FactProbe.Expected)]
    [InlineData("Cookie: sid=bob; sid=alice\r\n", FactProbe.Other)]
    [InlineData("Cookie: SID=alice\r\n", FactProbe.Missing)]
    [InlineData("Cookie: sid=; sid=alice\r\n", FactProbe.Missing)]
    [InlineData("", FactProbe.Missing)]
    public async Task Cookie_IsTheFirstOfItsName(string headers, string outcome)
    {
        await using var probe = await FactProbe.StartAsync("cookie:sid", "alice");
        Assert.Equal(outcome, await probe.AskAsync("/a", headers));
    }

    [Fact]
    public async Task Cookie_TooLong_IsUnverifiable()
    {
        await using var probe = await FactProbe.StartAsync("cookie:sid", "alice");
        Assert.Equal(FactProbe.Unverifiable, await probe.AskAsync("/a", $"Cookie: sid={new string('a', FactSet.MaxValueBytes + 1)}\r\n"));
        Assert.Equal(FactProbe.Other, await probe.AskAsync("/a", $"Cookie: sid={new string('a', FactSet.MaxValueBytes)}\r\n"));
    }

    [Theory]
    [InlineData("/v1/tenants/acme", FactProbe.Expected)]
    [InlineData("/v1//tenants///acme/x?y=/z", FactProbe.Expected)]
    [InlineData("/v1/x/../tenants/%61cme", FactProbe.Expected)]
    [InlineData("/v1/tenants/beta", FactProbe.Other)]
    [InlineData("/v1/tenants/", FactProbe.Missing)]
    [InlineData("/", FactProbe.Missing)]
    public async Task PathSegment_IsOfTheCanonicalPath(string target, string outcome)
    {
        await using var probe = await FactProbe.StartAsync("path:3", "acme");
        Assert.Equal(outcome, await probe.AskAsync(target));
    }

    [Fact]
    public async Task MethodAndHost_AreThoseOfTheOriginalRequest()
    {
        await using var method = await FactProbe.StartAsync("method", "DELETE");
        Assert.Equal(FactProbe.Expected, await method.AskAsync("/a", method: "DELETE"));
        Assert.Equal(FactProbe.Other, await method.AskAsync("/a"));
        await using var host = await FactProbe.StartAsync("host", "shop.test");
        Assert.Equal(FactProbe.Expected, await host.AskAsync("/a", host: "SHOP.test.:8443"));
        Assert.Equal(FactProbe.Other, await host.AskAsync("/a"));
    }

    [Theory]
    [InlineData("ua:bot", "true", Googlebot, FactProbe.Expected)]
    [InlineData("ua:bot", "false", Chrome, FactProbe.Expected)]
    [InlineData("ua:bot", "true", "User-Agent: curl/8.5.0\r\n", FactProbe.Expected)]
    [InlineData("ua:bot", "true", "", FactProbe.Missing)]
    [InlineData("ua:bot", "true", "User-Agent:  \r\n", FactProbe.Missing)]
    [InlineData("ua:bot_category", "search", Googlebot, FactProbe.Expected)]
    [InlineData("ua:bot_category", "ai_crawler", "User-Agent: GPTBot/1.2\r\n", FactProbe.Expected)]
    [InlineData("ua:bot_category", "search", Chrome, FactProbe.Missing)]
    [InlineData("ua:bot_category", "search", "", FactProbe.Missing)]
    public async Task UserAgent_NamesItsBot(string descriptor, string value, string headers, string outcome)
    {
        await using var probe = await FactProbe.StartAsync(descriptor, value);
        Assert.Equal(outcome, await probe.AskAsync("/a", headers));
    }

    [Fact]
    public async Task UserAgent_Overlong_IsReadUpToItsBound()
    {
        await using var probe = await FactProbe.StartAsync("ua:bot", "false");
        Assert.Equal(FactProbe.Expected, await probe.AskAsync("/a", $"User-Agent: {new string('x', 20_000)} Googlebot\r\n"));
    }

    [Theory]
    [InlineData("2001:db8:1:2:3:4:5:6", FactProbe.Expected)]
    [InlineData("2001:db8:1:2::", FactProbe.Expected)]
    [InlineData("2001:db8:1:3::", FactProbe.Other)]
    [InlineData("192.0.2.7", FactProbe.Other)]
    public async Task Address_OfARuleWithAPrefix_IsItsNetwork(string client, string outcome)
    {
        const string Bundle = """
            format: edgeguard/v1
            bundle_version: 1
            policies:
              - id: p
                spec:
                  selector: {pathPrefix: /}
                  rules:
                    - name: network
                      limit_keys: ['ip:address']
                      ipv6_prefix: 64
                      algorithm: token_bucket
                      algorithm_config: {tokens_per_second: 0.001, burst: 1}
            """;
        await using var edge = await EdgeUnderTest.StartAsync(Bundle, options => options with { TrustedProxies = ["127.0.0.0/8"] });
        using var first = await edge.GetAsync("/a", ("X-Forwarded-For", "2001:db8:1:2:ffff::9"));
        using var second = await edge.GetAsync("/a", ("X-Forwarded-For", client));
        Assert.Equal("200 allow", first.Verdict());
        Assert.Equal(outcome == FactProbe.Expected ? "429 token_bucket_exceeded" : "200 allow", second.Verdict());
    }

    [Fact]
    public async Task ManyHeaders_AreRefusedOrSeenAll_NeverHalf()
    {
        await using var probe = await FactProbe.StartAsync("cookie:sid", "alice");
        var padding = string.Concat(Enumerable.Range(0, 90).Select(i => $"X-Pad-{i}: 1\r\n"));
        Assert.Equal(FactProbe.Expected, await probe.AskAsync("/a", padding + "Cookie: sid=alice\r\n"));
        Assert.Equal("431", await probe.AskAsync("/a", padding + padding + "Cookie: sid=alice\r\n"));
    }

    [Theory]
    [InlineData("Cookie: sid=\u00ff\u00fe\u0080\r\n")]
    [InlineData("User-Agent: \u00c3\u0028\r\n")]
    public async Task BrokenUtf8_IsRefusedBeforeAnyFactIsRead(string headers)
    {
        await using var probe = await FactProbe.StartAsync("cookie:sid", "alice");
        Assert.Equal("400", await probe.AskAsync("/a", headers));
    }

    [Fact]
    public async Task Missing_IsCountedByKey()
    {
        foreach (var descriptor in (string[])["cookie:sid", "path:4", "ua:bot", "ua:bot_category", "ip:country", "ip:asn", "ip:type", "ip:tor"])
        {
            await using var probe = await FactProbe.StartAsync(descriptor, "x", options => options with { TrustedProxies = ["10.0.0.0/8"] });
            Assert.Equal(FactProbe.Missing, await probe.AskAsync("/a"));
            var page = await probe.Edge.Probes.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
            Assert.Contains($"edgeguard_descriptor_missing_total{{key=\"{descriptor}\"}} 2", page, StringComparison.Ordinal);
        }
    }
}
