namespace EdgeGuard.Edge.Tests.Forwarding;

/// <summary>Requests and answers that both ways through the proxy get.</summary>
internal static class ForwardCorpus
{
    private const string Close = "Connection: close\r\n";

    /// <summary>All of it.</summary>
    public static IReadOnlyList<ForwardCase> All { get; } =
    [
        .. Plain.Select(request => new ForwardCase(request)),
        .. Bodies.Select(request => new ForwardCase(request)),
        .. Headers.Select(headers => new ForwardCase(Get(headers: headers))),
        .. Targets.Select(target => new ForwardCase(Get(target))),
        .. Unusual.Select(request => new ForwardCase(request)),
        .. Smuggling.Select(request => new ForwardCase(request)),
        .. Answers.SelectMany(answer => new[] { new ForwardCase(Get(), answer), new ForwardCase(Get(method: "HEAD"), WithoutBody(answer)) }),
        .. Pages.SelectMany(page => Answers.TakeLast(3).Select(answer => new ForwardCase(page, answer))),
        .. ClosingAnswers.Select(answer => new ForwardCase(Get(), answer, Closes: true)),
        .. BrokenAnswers.Select(answer => new ForwardCase(Get(), answer, Closes: true)),
        new(Post("Content-Length: 3\r\n", "abc"), "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", Early: true),
    ];

    private static IEnumerable<string> Plain =>
    [
        Get(),
        Get(method: "DELETE"),
        Get(method: "OPTIONS"),
        Get(method: "POST"),
        Get(method: "PUT"),
        Get(method: "PATCH"),
        Get(method: "TRACE"),
        Get(method: "REPORT"),
        Get(headers: "Connection: keep-alive\r\n", close: false) + Get(),
        Get(close: false) + Get("/b", close: false) + Get("/c"),
        Get("/limited", close: false) + Get("/limited"),
        Get("/stopped", "x-tenant: stopped\r\n"),
    ];

    private static IEnumerable<string> Bodies =>
    [
        Post("Content-Length: 3\r\n", "abc"),
        Post("Content-Length: 0\r\n", string.Empty),
        Get(headers: "Content-Length: 0\r\n"),
        Get(headers: "Content-Length: 3\r\n") + "abc",
        Post("Content-Length: 100000\r\n", new string('x', 100_000)),
        Post("Content-Length: 3\r\n", "abc", "PUT", close: false) + Get(),
        Post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        Post("Transfer-Encoding: Chunked\r\n", "003\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\n", "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n", close: false) + Get(),
        Post("Transfer-Encoding: chunked\r\n", "3;name=value\r\nabc\r\n0;last\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\n", "3;a=\"b;c\"\r\nabc\r\n0\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\nTrailer: x-sum\r\n", "3\r\nabc\r\n0\r\nx-sum: 1\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\n", $"{70_000:x}\r\n{new string('y', 70_000)}\r\n0\r\n\r\n"),
        Get(headers: "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n0\r\n\r\n",
        Post("Expect: 100-continue\r\nContent-Length: 3\r\n", "abc"),
        Post("Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Language: de\r\nContent-Length: 2\r\n", "{}"),
        Post("Content-Type: text/plain\r\nContent-Length: 0\r\n", string.Empty),
        Get(headers: "Content-Type: text/plain\r\n"),
    ];

    private static IEnumerable<string> Headers =>
    [
        "X-A: 1\r\nx-b: 2\r\n",
        "X-A: 1\r\nX-A: 2\r\n",
        "X-A: 1\r\nx-a: 1\r\nX-A:\r\n",
        "X-Empty:\r\n",
        "X-Blank:    a  b   \r\n",
        "X-Tab: a\tb\r\n",
        "Accept: text/html;q=0.8, */*;q=0.1\r\nAccept-Encoding: gzip, br\r\nAccept-Language: de-AT\r\nUser-Agent: a/1 (b; c) d/2\r\n",
        "Accept: text/html\r\nAccept: text/plain\r\n",
        "User-Agent: a\r\nUser-Agent: b\r\n",
        "Accept-Encoding: identity;q=0\r\nRange: bytes=0-1\r\nIf-None-Match: \"a\", W/\"b\"\r\nIf-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n",
        "Cookie: a=1; b=2\r\n",
        "Cookie: a=1\r\nCookie: b=2\r\n",
        "Cookie: a=1; a=2; s=3; s=4\r\n",
        "Authorization: Basic YTpi\r\nProxy-Authorization: Basic YTpi\r\n",
        "Keep-Alive: timeout=5\r\nProxy-Connection: keep-alive\r\n",
        "TE: trailers\r\nAlt-Svc: h2\r\nUpgrade-Insecure-Requests: 1\r\nHTTP2-Settings: a\r\nALPN: h2\r\nClose: x\r\n",
        "Connection: x-a\r\nX-A: 1\r\nX-B: 2\r\n",
        "Connection: keep-alive, x-a\r\nX-A: 1\r\n",
        "Connection: Keep-Alive\r\n",
        "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: other\r\nX-Forwarded-Port: 1\r\n",
        "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.2\r\n",
        "X-Forwarded-For:\r\n",
        "Forwarded: for=192.0.2.1;proto=https\r\n",
        "X-Real-IP: 192.0.2.1\r\nClient-Cert: :a:\r\nClient-Cert-Chain: :b:\r\n",
        "X-Original-Method: GET\r\nX-Original-URI: /a\r\nX-EdgeGuard-Decision-Secret: a\r\nX-Country: AT\r\n",
        "X_A: 1\r\nX-A: 2\r\n",
        "X_Forwarded_For: 192.0.2.1\r\nContent_Length: 3\r\n",
        "x-api-key: a\r\nx-api-key: b\r\n",
        "X-Api_Key: a\r\n",
        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\ntracestate: a=b\r\n",
        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01\r\ntracestate: a=b\r\n",
        "tracestate: a=b\r\nbaggage: c=d\r\nRequest-Id: 1\r\nCorrelation-Context: e\r\n",
        "X-Utf8: \u00c3\u00a4\r\n",
        "X-Latin1: \u00e4\r\n",
        "X-Long: " + new string('a', 7000) + "\r\n",
        "X-Long: " + new string('a', 20_000) + "\r\n",
        string.Concat(Enumerable.Range(0, 60).Select(i => $"X-{i}: v\r\n")),
        string.Concat(Enumerable.Range(0, 80).Select(i => $"X-{i}: v\r\n")),
        "Via: 1.1 a\r\nMax-Forwards: 3\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nFrom: a@b\r\nReferer: http://a/b\r\nOrigin: null\r\nPragma: no-cache\r\nCache-Control: no-store\r\n",
        "Allow: GET\r\nExpires: 0\r\nLast-Modified: x\r\nContent-Location: /a\r\nContent-Range: bytes 0-1/2\r\n",
        "Warning: 199 a \"b\"\r\nTrailer: x\r\nSec-Fetch-Mode: cors\r\n",
        "Strict-Transport-Security: max-age=1\r\nServer: x\r\nSet-Cookie: a=b\r\n",
    ];

    private static IEnumerable<string> Targets =>
    [
        "/",
        "/?",
        "/a?",
        "/a/../b?x=1",
        "/a/./b",
        "/a//b",
        "/%61%2d",
        "/%2e%2e/a",
        "/a%20b",
        "/a%2fb",
        "/a%5cb",
        "/%zz",
        "/%00",
        "/a;b=c",
        "/a%3bb",
        "/a%3fb?c",
        "/a?b=%0d%0a",
        "/a?b=/../c",
        "/a?b#c",
        "/%c3%a4",
        "/%ff",
        "/a?x=1&x=2&y=3",
        "/a+b?c+d",
        "/:~!$&'()*,;=@",
        "/a\\b",
        "/a|b\"<>^`{}",
        "/" + new string('a', 4000),
        "/" + new string('a', 9000),
    ];

    private static IEnumerable<string> Unusual =>
    [
        Get().Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal),
        Get("http://api.test/a/../b?c"),
        Get("http://api.test"),
        "OPTIONS * HTTP/1.1\r\nHost: api.test\r\n" + Close + "\r\n",
        "CONNECT api.test:80 HTTP/1.1\r\nHost: api.test:80\r\n" + Close + "\r\n",
        Get().Replace("Host: api.test", "Host: API.test:8080", StringComparison.Ordinal),
        Get().Replace("Host: api.test", "Host: [::1]:80", StringComparison.Ordinal),
        Get().Replace("Host: api.test", "Host: a_b.test", StringComparison.Ordinal),
        Get().Replace("Host: api.test", "Host: ", StringComparison.Ordinal),
        Get().Replace("Host: api.test\r\n", string.Empty, StringComparison.Ordinal),
        Get(headers: "Host: other\r\n"),
        Get(headers: "Upgrade: h2c\r\n"),
        "POST /v1/debug/session HTTP/1.1\r\nHost: api.test\r\nContent-Length: 0\r\n" + Close + "\r\n",
        "get / HTTP/1.1\r\nHost: api.test\r\n" + Close + "\r\n",
    ];

    private static IEnumerable<string> Smuggling =>
    [
        "GET / HTTP/1.1\nHost: api.test\n\n",
        "GET / HTTP/1.1\r\nHost: api.test\nX-A: b\r\n" + Close + "\r\n",
        "GET  / HTTP/1.1\r\nHost: api.test\r\n\r\n",
        "GET / HTTP/1.1 \r\nHost: api.test\r\n\r\n",
        "GET / HTTP/1.2\r\nHost: api.test\r\n\r\n",
        Get(headers: "X-A : b\r\n"),
        Get(headers: " X-A: b\r\n"),
        Get(headers: "X-A: b\r\n c\r\n"),
        Get(headers: "X-A: b\rc\r\n"),
        Get(headers: "X-A: b\0\r\n"),
        Get(headers: "X A: b\r\n"),
        Get(headers: ": b\r\n"),
        Get(headers: "X-A\r\n"),
        Post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nGET /evil HTTP/1.1\r\nHost: a\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "3\r\nabc\r\n0\r\n\r\n"),
        Post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"),
        Post("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd"),
        Post("Content-Length: 3, 3\r\n", "abc"),
        Post("Content-Length: +3\r\n", "abc"),
        Post("Content-Length: 0x3\r\n", "abc"),
        Post("Content-Length: -3\r\n", "abc"),
        Post("Content-Length: 003\r\n", "abc"),
        Post("Content-Length: 3 \r\n", "abc"),
        Post("Content-Length: 99999999999999999999\r\n", "abc"),
        Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        Post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"),
        Post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
        Post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"),
        Post("Transfer-Encoding: \tchunked\r\n", "0\r\n\r\n"),
        Post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"),
        Post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"),
        Post("Transfer-Encoding: \u000bchunked\r\n", "0\r\n\r\n"),
        Post("Transfer_Encoding: chunked\r\nContent-Length: 3\r\n", "abc"),
        Post("Transfer-Encoding: chunked\r\n", "3;a\nb\r\nabc\r\n0\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\n", "2;\nxx\r\n45\r\n0\r\n\r\nGET /evil HTTP/1.1\r\nHost: a\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\n", "3\nabc\r\n0\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\n", "3\r\nabcX\r\n0\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\n", "3\r\nabc\n0\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\n", "3 \r\nabc\r\n0\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\n", "0x3\r\nabc\r\n0\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\n", "-3\r\nabc\r\n0\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\n", "\r\nabc\r\n0\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\nabc\r\n0\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\n", ";a\r\nabc\r\n0\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\nContent-Length: 5\r\n\r\n", close: false) + Get(),
        Get(headers: "Connection: close, host\r\n"),
        Get(headers: "Connection: content-length\r\nContent-Length: 3\r\n") + "abc",
        Get(headers: "Connection: transfer-encoding\r\nTransfer-Encoding: chunked\r\n") + "3\r\nabc\r\n0\r\n\r\n",
        "\r\n" + Get(),
        Get(close: false) + "\0\0\r\n\r\n",
    ];

    private static IEnumerable<string> Answers =>
    [
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 Fine By Me\r\nContent-Length: 2\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nServer: x/1\r\n\r\nok",
        "HTTP/1.1 201 Created\r\nLocation: /a\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\nok",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n",
        "HTTP/1.1 301 Moved\r\nLocation: http://other/\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"a\", Bearer\r\nWWW-Authenticate: Digest a=b\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 503 Busy\r\nRetry-After: 5\r\nContent-Length: 2\r\n\r\nno",
        "HTTP/1.1 599 Odd\r\nContent-Length: 2\r\n\r\nno",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/event-stream\r\n\r\n9\r\ndata: 1\n\n\r\n9\r\ndata: 2\n\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-sum\r\n\r\n3;a=b\r\nabc\r\n00\r\nx-sum: 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Path=/\r\nSet-Cookie: b=2\r\nVary: Accept\r\nVary: Origin\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5\r\nProxy-Connection: a\r\nUpgrade: h2c\r\nAlt-Svc: h3\r\nProxy-Authenticate: a\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nX-EdgeGuard-Decision-Id: fake\r\nx-edgeguard-reason: fake\r\nRateLimit: fake\r\nRateLimit-Limit: 9\r\nRateLimit-Other: 1\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nX-Empty:\r\nX-Blank:   a  b  \r\nX-Tab: a\tb\r\nX-Latin1: \u00e4\r\nX_Low: 1\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\nContent-Disposition: attachment\r\nExpires: 0\r\nLast-Modified: x\r\nAllow: GET\r\n\r\nok",
        $"HTTP/1.1 200 OK\r\nX-Long: {new string('a', 30_000)}\r\nContent-Length: 2\r\n\r\nok",
        $"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{new string('x', 100_000)}",
        $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{70_000:x}\r\n{new string('y', 70_000)}\r\n0\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
        "HTTP/1.1 200 OK\r\nx-frame-options: SAMEORIGIN\r\nReferrer-Policy: no-referrer\r\nReferrer-Policy: origin\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Security-Policy: a\r\ncontent-security-policy: b\r\nStrict-Transport-Security: max-age=1\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\naccess-control-max-age: 1\r\nAccess-Control-: x\r\nVary: Origin\r\nContent-Length: 2\r\n\r\nok",
    ];

    private static IEnumerable<string> Pages =>
    [
        Get("/page"),
        Get("/page", "Origin: https://app.example\r\n"),
        Get("/page", "Origin: null\r\n"),
        Get("/page", "Origin: https://app.example\r\nOrigin: https://app.example\r\n"),
        Get("/page", "Origin: https://app.example\r\nAccess-Control-Request-Method: GET\r\n", "OPTIONS"),
        Get("/page", "Origin: https://app.example\r\nX-Forwarded-Proto: https\r\n"),
    ];

    private static IEnumerable<string> ClosingAnswers =>
    [
        "HTTP/1.1 200 OK\r\n\r\nall of it",
        "HTTP/1.0 200 OK\r\n\r\nall of it",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nok",
    ];

    private static IEnumerable<string> BrokenAnswers =>
    [
        "HTTP/1.1 200 OK\r\nContent-Le",
        "rubbish\r\n\r\n",
        "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3x\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nX A: b\r\nContent-Length: 2\r\n\r\nok",
    ];

    private static string Get(string target = "/a?b=c", string headers = "", string method = "GET", bool close = true) =>
        $"{method} {target} HTTP/1.1\r\nHost: api.test\r\n{headers}{(close ? Close : string.Empty)}\r\n";

    private static string Post(string headers, string body, string method = "POST", bool close = true) => Get("/post", headers, method, close) + body;

    private static string WithoutBody(string answer)
    {
        var last = answer.LastIndexOf("HTTP/1.1 2", StringComparison.Ordinal) is > 0 and var at && answer.StartsWith("HTTP/1.1 100", StringComparison.Ordinal) ? at : 0;
        return answer[..(answer.IndexOf("\r\n\r\n", last, StringComparison.Ordinal) + 4)];
    }
}
