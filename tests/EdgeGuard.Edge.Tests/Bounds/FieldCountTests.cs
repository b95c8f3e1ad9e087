using System.Globalization;
using System.Net;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Edge.Tests.Tls;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Bounds;

/// <summary>A hundred header fields are looked at, and more are refused with 431 at every HTTP door: none goes on with the first hundred and misses a descriptor behind them.</summary>
public sealed class FieldCountTests
{
    private const int Most = 100;
    private const string ProxyHead = "GET /v1/a HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n";
    private const string DecisionHead = "GET /v1/decision HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\nX-Original-Method: GET\r\nX-Original-Host: api.test\r\nX-Original-URI: /v1/a\r\n";
    private const string EnvoyHead = "GET /v1/decision/envoy/v1/a HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MoreThanAHundredFields_AreRefusedAtEachDoor(bool lanes)
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(burst: 6), settings: new EdgeHostSettings { DecisionLane = lanes, ProxyLane = lanes });

        // The upstream of the test takes a hundred as well, with those that the edge adds.
        foreach (var (address, head, fits) in new[] { (edge.Proxy!, ProxyHead, Most - 10), (edge.Decision!, DecisionHead, Most), (edge.Decision!, EnvoyHead, Most) })
        {
            // The key that is counted by is the last field: it is found as the hundredth, and as the next nobody goes on without it.
            var answer = await RawHttp.SendAsync(address.BaseAddress!, Request(head, fits));
            Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
            Assert.Contains("RateLimit-Limit: 6", answer, StringComparison.OrdinalIgnoreCase);
            Assert.StartsWith("HTTP/1.1 431 ", await RawHttp.SendAsync(address.BaseAddress!, Request(head, Most + 1)), StringComparison.Ordinal);
            Assert.StartsWith("HTTP/1.1 431 ", await RawHttp.SendAsync(address.BaseAddress!, Request(head, Most * 2)), StringComparison.Ordinal);
        }

        Assert.Equal(1, edge.Upstream.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MoreThanAHundredFields_AreRefusedOverHttp2(bool isProxy)
    {
        using var folder = new TempFolder();
        using var certificates = new TestCertificates();
        await using var edge = await TlsPeer.StartAsync(
            folder, certificates, options => options with { Listen = options.Listen with { DecisionHttp2 = "127.0.0.1:0" } });
        using var client = TlsPeer.Client(edge.Address(isProxy ? DoorTag.ProxyTls : DoorTag.DecisionHttp2), certificates, HttpVersion.Version20);
        var target = isProxy ? "/v1/a" : "/v1/decision/envoy/v1/a";

        Assert.Equal(HttpStatusCode.OK, await AskAsync(client, target, Most - 10));
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, await AskAsync(client, target, Most + 1));
        Assert.Equal(isProxy ? 1 : 0, edge.Upstream.Count);
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient client, string target, int fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, target) { Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy };
        for (var i = 0; i < fields; i++)
        {
            request.Headers.TryAddWithoutValidation("x-filler-" + i.ToString(CultureInfo.InvariantCulture), "x");
        }

        using var response = await client.SendAsync(request);

        // An upstream that refuses them answers behind a decision.
        Assert.Equal(response.StatusCode == HttpStatusCode.OK, response.Headers.Contains("RateLimit"));
        return response.StatusCode;
    }

    private static string Request(string head, int fields)
    {
        var given = head.Split("\r\n").Length - 2;
        var fillers = Enumerable.Range(0, fields - given - 1).Select(i => string.Create(CultureInfo.InvariantCulture, $"x-filler-{i}: x\r\n"));
        return head + string.Concat(fillers) + "x-api-key: a\r\n\r\n";
    }
}
