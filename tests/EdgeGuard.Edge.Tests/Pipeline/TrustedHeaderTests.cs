using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Tests.Pipeline;

/// <summary>Headers that count from trusted proxies only.</summary>
public sealed class TrustedHeaderTests
{
    [Theory]
    [InlineData("ip:country", "DE", "X-Country-Code: de\r\n", FactProbe.Expected)]
    [InlineData("ip:country", "DE", "x-country-code: FR\r\n", FactProbe.Other)]
    [InlineData("ip:country", "DE", "X-Country-Code: Germany\r\n", FactProbe.Missing)]
    [InlineData("ip:country", "DE", "X-Country-Code: XX\r\n", FactProbe.Missing)]
    [InlineData("ip:country", "DE", "X-Country-Code: DE\r\nX-Country-Code: FR\r\n", FactProbe.Unverifiable)]
    [InlineData("ip:asn", "64500", "X-ASN: AS64500\r\n", FactProbe.Expected)]
    [InlineData("ip:asn", "64500", "X-ASN: 64500\r\n", FactProbe.Expected)]
    [InlineData("ip:asn", "64500", "X-ASN: 999999999999\r\n", FactProbe.Missing)]
    [InlineData("ip:tor", "true", "X-Tor-Exit: 1\r\n", FactProbe.Expected)]
    [InlineData("ip:tor", "true", "X-Tor-Exit: YES\r\n", FactProbe.Expected)]
    [InlineData("ip:tor", "false", "X-Tor-Exit: no\r\n", FactProbe.Expected)]
    [InlineData("ip:tor", "true", "X-Tor-Exit: maybe\r\n", FactProbe.Missing)]
    [InlineData("ip:type", "hosting", "X-Kind: Hosting\r\n", FactProbe.Expected)]
    public async Task FactHeader_CountsFromATrustedProxyOnly(string descriptor, string value, string headers, string outcome)
    {
        await using var trusted = await FactProbe.StartAsync(descriptor, value, options => Kinds(options) with { TrustedProxies = ["127.0.0.0/8"] });
        Assert.Equal(outcome, await trusted.AskAsync("/a", headers));
        await using var stranger = await FactProbe.StartAsync(descriptor, value, options => Kinds(options) with { TrustedProxies = ["10.0.0.0/8"] });
        Assert.Equal(FactProbe.Missing, await stranger.AskAsync("/a", headers));
    }

    [Fact]
    public async Task FactHeader_Unnamed_IsReadFromNobody()
    {
        await using var probe = await FactProbe.StartAsync(
            "ip:country",
            "DE",
            options => options with { TrustedProxies = ["127.0.0.0/8"], FactHeaders = new FactHeaderOptions { Country = string.Empty } });
        Assert.Equal(FactProbe.Missing, await probe.AskAsync("/a", "X-Country-Code: DE\r\n"));
    }

    [Theory]
    [InlineData("header:x-country-code")]
    [InlineData("header:X-Country-Code")]
    public async Task FactHeader_OfAStranger_IsNoOrdinaryHeaderEither(string descriptor)
    {
        await using var stranger = await FactProbe.StartAsync(descriptor, "DE");
        Assert.Equal(FactProbe.Missing, await stranger.AskAsync("/a", "X-Country-Code: DE\r\n"));
        await using var trusted = await FactProbe.StartAsync(descriptor, "DE", options => options with { TrustedProxies = ["127.0.0.0/8"] });
        Assert.Equal(FactProbe.Expected, await trusted.AskAsync("/a", "X-Country-Code: DE\r\n"));
    }

    [Theory]
    [InlineData("X-Country-Code: DE\r\nX-ASN: 64500\r\nX-Tor-Exit: 1\r\nX_Country_Code: DE\r\nx_asn: 1\r\n", "")]
    [InlineData("X-Kept: 1\r\n", "X-Kept")]
    public async Task FactHeader_OfAStranger_IsNotForwarded(string headers, string kept)
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open());
        await RawHttp.SendAsync(edge.Proxy!.BaseAddress!, $"GET /a HTTP/1.1\r\nHost: api.test\r\n{headers}Connection: close\r\n\r\n");
        var seen = Assert.Single(edge.Upstream.Received.Items);
        Assert.Equal(kept, string.Join(',', seen.Headers.Keys.Where(name => name is not ("Host" or "traceparent") && !name.StartsWith("X-Forwarded-", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task FactHeader_OfATrustedProxy_IsForwardedWithoutItsTwin()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open(), options => options with { TrustedProxies = ["127.0.0.0/8"] });
        await RawHttp.SendAsync(
            edge.Proxy!.BaseAddress!, "GET /a HTTP/1.1\r\nHost: api.test\r\nX-Country-Code: DE\r\nX_Country_Code: FR\r\nX_ASN: 1\r\nConnection: close\r\n\r\n");
        var seen = Assert.Single(edge.Upstream.Received.Items);
        Assert.Equal("DE", seen.Headers["X-Country-Code"]);
        Assert.DoesNotContain(seen.Headers.Keys, name => name.Contains('_', StringComparison.Ordinal));
    }

    private static EdgeOptions Kinds(EdgeOptions options) => options with { FactHeaders = new FactHeaderOptions { Type = "X-Kind" } };
}
