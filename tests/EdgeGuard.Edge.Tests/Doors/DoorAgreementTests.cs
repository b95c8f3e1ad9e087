using System.Net;
using EdgeGuard.Edge.Tests.Support;

namespace EdgeGuard.Edge.Tests.Doors;

/// <summary>Every door gives the same verdicts for the same requests.</summary>
public sealed class DoorAgreementTests
{
    private const string Bundle = """
        format: edgeguard/v1
        bundle_version: 1
        kill_switches:
          - {scope_key: 'header:x-tenant', scope_value: stopped, status: 403}
        policies:
          - id: api
            spec:
              selector: {pathPrefix: /v1/, methods: [GET, POST]}
              rules:
                - {name: per-key, limit_keys: ['header:x-api-key'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 2}}
          - id: login
            spec:
              selector: {hosts: [login.test], pathExact: /signin}
              rules:
                - {name: per-user, limit_keys: ['query:user'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 1}}
        """;

    private static readonly (string Method, string Host, string Target, (string, string)[] Headers)[] Corpus =
    [
        ("GET", "api.test", "/v1/a", [("x-api-key", "a")]),
        ("GET", "api.test", "/v1/a", [("x-api-key", "a")]),
        ("GET", "api.test", "/v1/a", [("x-api-key", "a")]),
        ("POST", "api.test", "/v1/b?x=1", [("x-api-key", "a")]),
        ("GET", "api.test", "/v1/a", [("x-api-key", "b")]),
        ("GET", "api.test", "/v1/a", []),
        ("DELETE", "api.test", "/v1/a", []),
        ("GET", "api.test", "/v1", []),
        ("GET", "api.test", "/v10/a", []),
        ("GET", "api.test", "/x/../v1/a", [("x-api-key", "a")]),
        ("GET", "api.test", "/%76%31/a", [("x-api-key", "a")]),
        ("GET", "api.test", "/v1%2fa", [("x-api-key", "b")]),
        ("GET", "api.test", "/v1/%zz", [("x-api-key", "b")]),
        ("GET", "api.test", "/other", [("x-tenant", "stopped")]),
        ("GET", "api.test", "/other", [("x-tenant", "running")]),
        ("GET", "LOGIN.test:8080", "/signin?user=eve", []),
        ("GET", "login.test", "/signin?user=eve", []),
        ("GET", "login.test", "/signin?user=%65ve", []),
        ("GET", "login.test", "/signin", []),
    ];

    [Fact]
    public async Task Corpus_ThroughEveryDoor_GivesTheSameVerdicts()
    {
        var proxy = await Run((edge, item) => EdgeUnderTest.SendAsync(
            edge.Proxy!, new HttpMethod(item.Method), item.Target, [("Host", item.Host), .. item.Headers]));
        var original = await Run((edge, item) => EdgeUnderTest.SendAsync(
            edge.Decision!,
            HttpMethod.Get,
            "/v1/decision",
            [("X-Original-Method", item.Method), ("X-Original-Host", item.Host), ("X-Original-URI", item.Target), .. item.Headers]));
        var forwarded = await Run((edge, item) => EdgeUnderTest.SendAsync(
            edge.Decision!,
            HttpMethod.Get,
            "/v1/decision/forwarded",
            [("X-Forwarded-Method", item.Method), ("X-Forwarded-Host", item.Host), ("X-Forwarded-Uri", item.Target), .. item.Headers]));
        var envoy = await Run((edge, item) => EdgeUnderTest.SendAsync(
            edge.Decision!, new HttpMethod(item.Method), "/v1/decision/envoy" + item.Target, [("Host", item.Host), .. item.Headers]));

        Assert.Equal(proxy, original);
        Assert.Equal(proxy, forwarded);
        Assert.Equal(proxy, envoy);
        Assert.Contains("429 token_bucket_exceeded", proxy);
        Assert.Contains("403 descriptor_missing", proxy);
        Assert.Contains("403 kill_switch", proxy);
        Assert.Contains("400 malformed_request", proxy);
        Assert.Contains("200 allow", proxy);
    }

    [Fact]
    public async Task EncodedNul_IsRefusedByEveryDoor()
    {
        await using var edge = await EdgeUnderTest.StartAsync(Bundle);
        using var decided = await edge.DecideAsync("/v1/%00", ("x-api-key", "b"));
        using var proxied = await edge.GetAsync("/v1/%00", ("x-api-key", "b"));

        // The server itself refuses it before the proxy sees it, and has no reason header to give.
        Assert.Equal("400 malformed_request", decided.Verdict());
        Assert.Equal(HttpStatusCode.BadRequest, proxied.StatusCode);
        Assert.Equal(0, edge.Upstream.Count);
    }

    [Fact]
    public async Task Connect_AsksForATunnelAndNotForAPath_IsMalformed()
    {
        await using var edge = await EdgeUnderTest.StartAsync(Bundle);
        using var decided = await EdgeUnderTest.SendAsync(
            edge.Decision!,
            HttpMethod.Get,
            "/v1/decision",
            [("X-Original-Method", "CONNECT"), ("X-Original-Host", "api.test"), ("X-Original-URI", "/other")]);

        Assert.Equal("400 malformed_request", decided.Verdict());
    }

    private static async Task<List<string>> Run(
        Func<EdgeUnderTest, (string Method, string Host, string Target, (string, string)[] Headers), Task<HttpResponseMessage>> send)
    {
        await using var edge = await EdgeUnderTest.StartAsync(Bundle);
        var verdicts = new List<string>();
        foreach (var item in Corpus)
        {
            using var response = await send(edge, item);
            verdicts.Add(response.Verdict());
        }

        return verdicts;
    }
}
