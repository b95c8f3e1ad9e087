using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Edge.Tests.Tls;
using EdgeGuard.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace EdgeGuard.Edge.Tests.Answers;

/// <summary>CORS and security headers as a real browser sees them: Chromium, without a window, on a page of an origin that may call and on one that may not.</summary>
public sealed class BrowserTests
{
    private const string Program = "chromium";

    // Starting a browser on a machine that is busy takes a while; only a test that fails waits so long.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Page_OfAnOriginThatMayCall_SeesAnswersRefusalsAndOneOfEachHeader_AndAnotherSeesNothing()
    {
        Assert.SkipUnless(InstalledProgram.Exists(Program), "no browser: chromium is not installed here (test.sh installs it)");
        using var folder = new TempFolder();
        using var certificates = new TestCertificates();
        var reports = new ConcurrentDictionary<string, JsonObject>(StringComparer.Ordinal);
        var done = new Signal();
        await using var pages = await PagesAsync(reports, done);
        var port = Loopback.AddressOf(pages).Port;
        await using var edge = await TlsPeer.StartAsync(folder, certificates, bundle: Bundle($"http://127.0.0.1:{port}"));
        edge.Upstream.Answer = AnswerAsync;
        var where = $"edge={Uri.EscapeDataString(edge.Address(DoorTag.Proxy).GetLeftPart(UriPartial.Authority))}"
            + $"&secure={Uri.EscapeDataString(edge.Address(DoorTag.ProxyTls).GetLeftPart(UriPartial.Authority))}";
        var stranger = $"http://localhost:{port}/page?{where}";

        await using (var browser = Start(folder, $"http://127.0.0.1:{port}/page?{where}&next={Uri.EscapeDataString(stranger)}"))
        {
            try
            {
                await done.WaitAsync("both pages have told what they saw", Patience);
            }
            catch (TimeoutException failure)
            {
                throw new TimeoutException($"{failure.Message}\n{browser.Text()}", failure);
            }
        }

        SeesItsAnswers(reports[$"http://127.0.0.1:{port}"]);
        SeesNothing(reports[$"http://localhost:{port}"]);
        var received = edge.Upstream.Received.Items;
        Assert.DoesNotContain(received, request => request.Method is "DELETE" or "OPTIONS" || request.RawTarget == "/api/header");

        // Of the stranger's requests only those without a preflight came here, with nothing of its own. The other sent its cookie.
        var put = Assert.Single(received, request => request.RawTarget == "/api/cookies");
        Assert.Contains("session=1", put.Headers["Cookie"], StringComparison.Ordinal);
        Assert.Equal(2, received.Count(request => request.RawTarget == "/closed/"));
    }

    private static string Bundle(string origin) => $$"""
        format: edgeguard/v1
        bundle_version: 1
        security_headers: {content_security_policy: default-src 'self', permissions_policy: camera=()}
        policies:
          - id: api
            spec:
              selector: {pathPrefix: /api/}
              cors:
                allowed_origins: ['{{origin}}']
                allowed_methods: [GET, PUT]
                allowed_headers: [content-type, x-api-key]
                exposed_headers: [RateLimit, Retry-After, X-EdgeGuard-Reason, Content-Security-Policy, Strict-Transport-Security, X-Content-Type-Options, X-Frame-Options, Referrer-Policy]
                allow_credentials: true
              rules:
                - {name: one, limit_keys: ['header:x-api-key'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 0.001, burst: 1} }
        """;

    // The upstream says all of it too, in its own way.
    private static Task AnswerAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers["Content-Security-Policy"] = "default-src *";
        headers["Strict-Transport-Security"] = "max-age=1";
        headers["X-Frame-Options"] = "SAMEORIGIN";
        headers["X-Secret"] = "of the upstream";
        headers["Access-Control-Allow-Origin"] = "*";
        headers["Access-Control-Expose-Headers"] = "X-Secret";
        return context.Response.WriteAsync("hello");
    }

    private static void SeesItsAnswers(JsonObject told)
    {
        Assert.Equal((200, "hello"), (Status(told, "plain"), (string)told["plain"]!["body"]!));
        Assert.Equal("\"api\";r=0;t=1000", Header(told, "plain", "ratelimit"));
        Assert.Null(Header(told, "plain", "x-secret"));
        Assert.Equal((200, "hello"), (Status(told, "cookies"), (string)told["cookies"]!["body"]!));
        Assert.Equal(("TypeError", "TypeError"), ((string)told["method"]!["blocked"]!, (string)told["header"]!["blocked"]!));

        // A page can read why it is refused, and when to come back.
        Assert.Equal((429, "token_bucket_exceeded"), (Status(told, "limited"), Header(told, "limited", "x-edgeguard-reason")));
        Assert.InRange(int.Parse(Header(told, "limited", "retry-after")!, System.Globalization.CultureInfo.InvariantCulture), 1000, 1500);
        Assert.Contains("token_bucket_exceeded", (string)told["limited"]!["body"]!, StringComparison.Ordinal);

        // Without a word of CORS on its route what the upstream says holds: everybody, by its own star.
        Assert.Equal("of the upstream", Header(told, "closed", "x-secret"));

        // A browser joins what it is told twice with a comma.
        foreach (var name in (string[])["plain", "limited", "secure"])
        {
            Assert.Equal("default-src 'self'", Header(told, name, "content-security-policy"));
            Assert.Equal("nosniff", Header(told, name, "x-content-type-options"));
            Assert.Equal("strict-origin-when-cross-origin", Header(told, name, "referrer-policy"));
        }

        Assert.Equal("SAMEORIGIN", Header(told, "plain", "x-frame-options"));
        Assert.Equal("DENY", Header(told, "limited", "x-frame-options"));
        Assert.Equal("max-age=1", Header(told, "secure", "strict-transport-security"));
    }

    private static void SeesNothing(JsonObject told)
    {
        foreach (var name in (string[])["plain", "cookies", "method", "header", "limited", "secure"])
        {
            Assert.Equal("TypeError", (string)told[name]!["blocked"]!);
        }

        Assert.Equal(200, Status(told, "closed"));
    }

    private static int Status(JsonObject told, string name) => (int)told[name]!["status"]!;

    private static string? Header(JsonObject told, string name, string header) => (string?)told[name]!["headers"]![header];

    // Serves the page at two origins: 127.0.0.1 and localhost.
    private static async Task<WebApplication> PagesAsync(ConcurrentDictionary<string, JsonObject> reports, Signal done)
    {
        var page = await File.ReadAllTextAsync(RepositoryRoot.Combine("tests", "EdgeGuard.Edge.Tests", "Answers", "browser-page.html"));
        var app = Loopback.CreateApp();
        app.Run(async context =>
        {
            if (context.Request.Path == "/told")
            {
                using var reader = new StreamReader(context.Request.Body);
                var report = JsonNode.Parse(await reader.ReadToEndAsync())!;
                reports[(string)report["origin"]!] = report["told"]!.AsObject();
                if (reports.Count == 2)
                {
                    done.Set();
                }
            }
            else if (context.Request.Path == "/page")
            {
                context.Response.ContentType = "text/html";
                context.Response.Headers.SetCookie = "session=1; Path=/; SameSite=Lax";
                await context.Response.WriteAsync(page);
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            }
        });
        await app.StartAsync();
        return app;
    }

    // As root it has no sandbox of its own, and its certificates are not what is tested. Names are looked up by nobody: localhost is loopback.
    private static ProcessRunner Start(TempFolder folder, string page) => ProcessRunner.StartProgram(
        Program,
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions", "--disable-sync", "--disable-background-networking",
            "--disable-component-update", "--no-first-run", "--no-default-browser-check", "--no-proxy-server", "--ignore-certificate-errors",
            "--host-resolver-rules=MAP localhost 127.0.0.1", $"--user-data-dir={folder.Combine("profile")}", page,
        ],
        new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = folder.Path, ["XDG_CONFIG_HOME"] = folder.Path, ["XDG_CACHE_HOME"] = folder.Path },
        folder.Path);
}
