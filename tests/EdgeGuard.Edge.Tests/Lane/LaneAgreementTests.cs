using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Options;
using static EdgeGuard.Edge.Tests.Lane.LaneQuestions;

namespace EdgeGuard.Edge.Tests.Lane;

/// <summary>The same bytes, once to a decision listener with the lane and once to one without: the answers are the same, byte for byte.</summary>
public sealed class LaneAgreementTests
{
    private const string Close = "Connection: close\r\n";

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
          - id: page
            spec:
              selector: {pathPrefix: /page}
              cors: {allowed_origins: ['https://app.example'], exposed_headers: [x-sum]}
              security_headers: {content_security_policy: default-src 'self'}
              rules:
                - {name: per-key, limit_keys: ['header:x-api-key'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 2}}
          - id: login
            spec:
              selector: {hosts: [login.test], pathExact: /signin}
              rules:
                - {name: per-user, limit_keys: ['query:user', 'cookie:s', 'ip:address'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 1}}
        """;

    public static TheoryData<string> Corpus =>
    [
        // Plain, refused, and several in one go.
        Ask(headers: "x-api-key: a\r\n" + Close),
        Ask(headers: "x-api-key: a\r\n") + Ask(headers: "x-api-key: a\r\n") + Ask(headers: "x-api-key: a\r\n" + Close),
        Ask("/v1/b?x=1", "x-api-key: b\r\n" + Close, "POST"),
        Ask(headers: Close),
        Ask(headers: "x-tenant: stopped\r\n" + Close),
        Ask("/other", Close),
        Ask("/page", "x-api-key: a\r\n" + Close),
        Ask("/page", "x-api-key: a\r\nX-Forwarded-Proto: https\r\n" + Close),
        Ask("/page", "Origin: https://app.example\r\n" + Close),
        Ask("/page", "Origin: https://app.example\r\nAccess-Control-Request-Method: GET\r\n" + Close, "OPTIONS"),
        Ask("/v1%2fa", Close),
        Ask("/v1/%zz", Close),
        Ask("/signin?user=eve", "Cookie: s=1; t=2\r\n" + Close, host: "LOGIN.test:8080"),
        Ask("/signin?user=eve", "Cookie: s=1\r\nCookie: t=2\r\nX-Forwarded-For: 192.0.2.1, 127.0.0.1\r\n" + Close, host: "login.test"),
        Ask(headers: "x-api-key: a\r\nx-api-key: b\r\n" + Close),
        Ask(headers: "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n" + Close),
        Ask(headers: Close, path: "/v1/decision?deny=403"),
        Ask(headers: "x-tenant: stopped\r\n" + Close, path: "/v1/decision?deny=403&throttle=tell"),
        Ask(headers: Close, path: "/v1/decision?deny=%34%30%33"),
        Ask(headers: Close, path: "/v1/decision?throttle=hold"),
        Ask(headers: "X-Original-URI: /twice\r\n" + Close),
        Ask(headers: "Connection: keep-alive\r\n") + Ask(headers: Close),
        Ask(headers: "Content-Length: 3\r\n") .Replace("\r\n\r\n", "\r\n\r\nabc", StringComparison.Ordinal) + Ask(headers: Close),
        "HEAD /v1/decision HTTP/1.1\r\nHost: g\r\nX-Original-Method: GET\r\nX-Original-URI: /\r\nX-Original-Host: a\r\nx-tenant: stopped\r\n" + Close + "\r\n",
        "GET /v1/decision HTTP/1.1\r\nHost: g\r\n" + Close + "\r\n",
        "GET /v1/decision/forwarded HTTP/1.1\r\nHost: g\r\nX-Forwarded-Method: GET\r\nX-Forwarded-Uri: /v1/a\r\nX-Forwarded-Host: a\r\n" + Close + "\r\n",
        "POST /v1/decision/envoy/v1/a?deny=403 HTTP/1.1\r\nHost: api.test\r\nx-api-key: c\r\n" + Close + "\r\n",
        "GET /v1/decision/envoy/../v1/a?deny=403 HTTP/1.1\r\nHost: api.test\r\n" + Close + "\r\n",
        "GET /v1/decision/envoy/a%00b HTTP/1.1\r\nHost: api.test\r\n" + Close + "\r\n",
        "GET /v1/decision/envoy/ HTTP/1.1\r\nHost: [::1]:80\r\n" + Close + "\r\n",
        "GET /v1/decision/envoy HTTP/1.1\r\nHost: a\r\n" + Close + "\r\n",
        "GET /v1/decisions HTTP/1.1\r\nHost: a\r\n" + Close + "\r\n",
        "POST /v1/debug/session HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n" + Close + "\r\n",
        "GET http://g/v1/decision HTTP/1.1\r\nHost: g\r\n" + Close + "\r\n",

        // What the lane leaves to the server.
        Ask().Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal),
        Ask(headers: "Expect: 100-continue\r\nContent-Length: 0\r\n" + Close),
        Ask(headers: "Connection: upgrade\r\nUpgrade: websocket\r\n") + Ask(headers: Close),
        Ask(headers: "x-api-key: \u00e4\r\n" + Close),
        Ask(headers: "x-tab: a\tb\r\n" + Close),
        Ask(headers: "Transfer-Encoding: chunked\r\n" + Close) + "3\r\nabc\r\n0\r\n\r\n",

        // Malformed.
        Ask() + "\r\nrubbish\r\n\r\n",
        "GET /v1/decision HTTP/1.1\n\n",
        "GET /v1/decision HTTP/1.1\r\n\r\n",
        "GET  /v1/decision HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /v1/decision HTTP/1.1 \r\nHost: a\r\n\r\n",
        "GET /v1/decision HTTP/2.0\r\nHost: a\r\n\r\n",
        "G@T /v1/decision HTTP/1.1\r\nHost: a\r\n\r\n",
        "get /v1/decision HTTP/1.1\r\nHost: a\r\n" + Close + "\r\n",
        "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n" + Close + "\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n" + Close + "\r\n",
        Ask(headers: "Host: other\r\n"),
        Ask(headers: " folded: x\r\n"),
        Ask(headers: "a: b\r\n c\r\n"),
        Ask(headers: "a : b\r\n"),
        Ask(headers: "a b: c\r\n" + Close),
        Ask(headers: ": c\r\n" + Close),
        Ask(headers: "nocolon\r\n"),
        Ask(headers: "a: b\rc\r\n"),
        Ask(headers: "a: b\nc: d\r\n" + Close),
        Ask(headers: "a: \0\r\n"),
        Ask().Replace("Host: gateway", "Host: ga/te", StringComparison.Ordinal),
        Ask(headers: Close).Replace("Host: gateway", "Host:", StringComparison.Ordinal),

        // Smuggling.
        Ask(headers: "Content-Length: 3\r\nContent-Length: 3\r\n") + "abc",
        Ask(headers: "Content-Length: 3, 3\r\n") + "abc",
        Ask(headers: "Content-Length: +3\r\n" + Close) + "abc",
        Ask(headers: "Content-Length: -3\r\n") + "abc",
        Ask(headers: "Content-Length: 003\r\n" + Close) + "abc",
        Ask(headers: "Content-Length: 99999999999999999999\r\n") + "abc",
        Ask(headers: "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n" + Close) + "0\r\n\r\nGET /v1/decision HTTP/1.1\r\nHost: a\r\n\r\n",
        Ask(headers: "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n") + "0\r\n\r\n",
        Ask(headers: "Transfer-Encoding: xchunked\r\n") + "0\r\n\r\n",
        Ask(headers: "Transfer-Encoding : chunked\r\n") + "0\r\n\r\n",
        Ask(headers: "Transfer-Encoding: chunked\r\n" + Close) + "3;a\nb\r\nabc\r\n0\r\n\r\n",
        Ask(headers: "Connection: close, x-api-key\r\nx-api-key: a\r\n"),

        // Too much.
        Ask(headers: "x-long: " + new string('a', 20_000) + "\r\n" + Close),
        Ask(headers: "x-long: " + new string('a', 40_000) + "\r\n" + Close),
        Ask(headers: string.Concat(Enumerable.Range(0, 80).Select(i => $"x-{i}: v\r\n")) + Close),
        Ask(headers: string.Concat(Enumerable.Range(0, 120).Select(i => $"x-{i}: v\r\n")) + Close),
        Ask("/" + new string('a', 9000), Close),
        Ask(headers: Close, path: "/v1/decision?" + new string('a', 9000)),
    ];

    [Fact]
    public async Task Corpus_WithAndWithoutTheLane_IsAnsweredAlike()
    {
        await using var with = await StartAsync(lane: true);
        await using var without = await StartAsync(lane: false);
        foreach (var row in Corpus)
        {
            var wanted = await AskAsync(without, row.Data);
            var actual = await AskAsync(with, row.Data);
            Assert.True(wanted == actual, $"to {row.Data[..Math.Min(300, row.Data.Length)]}\nthe server says\n{wanted}\nand the lane\n{actual}");
        }
    }

    private static async Task<string> AskAsync(EdgeUnderTest edge, string question)
    {
        try
        {
            return Comparable(await RawHttp.SendAsync(edge.Decision!.BaseAddress!, question));
        }
        catch (Exception problem) when (problem is TimeoutException or IOException)
        {
            throw new InvalidOperationException("to " + question[..Math.Min(300, question.Length)], problem);
        }
    }

    private static Task<EdgeUnderTest> StartAsync(bool lane) => EdgeUnderTest.StartAsync(
        Bundle,
        options => options with { TrustedProxies = ["127.0.0.0/8"] },
        new EdgeHostSettings { DecisionLane = lane });
}
