using System.Net;
using EdgeGuard.Edge.Debug;
using EdgeGuard.Edge.Tests.Explain;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Tests.Debug;

public sealed class DebugSessionTests
{
    private const string Secret = "a-long-and-secret-text";
    private const string SecretHeader = "X-EdgeGuard-Debug-Secret";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Session_OpenedAtOneDoor_ShowsHowRequestsAreDecidedAtBoth(bool atProxy)
    {
        await using var edge = await StartAsync();
        var cookie = await OpenAsync(edge, atProxy ? edge.Proxy! : edge.Decision!);

        using var allowed = await edge.GetAsync("/v1/a", ("x-api-key", "very-secret-key"), ("Cookie", cookie));
        using var refused = await edge.DecideAsync("/v1/a", ("x-api-key", "very-secret-key"), ("Cookie", cookie));
        using var without = await edge.DecideAsync("/v1/a", ("x-api-key", "very-secret-key"));

        Assert.Equal(("allow", "enforce", "api", "per-key", "0"), Told(allowed));
        Assert.Equal(("reject", "enforce", "api", "per-key", "0"), Told(refused));
        Assert.Equal("token_bucket_exceeded", refused.Header("X-EdgeGuard-Debug-Reason"));
        Assert.Equal("api", refused.Header("X-EdgeGuard-Debug-Matched-Policies"));
        Assert.Equal("header:x-api-key", refused.Header("X-EdgeGuard-Debug-Descriptor-1-Key"));
        Assert.Matches("^#[0-9a-f]{16}$", refused.Header("X-EdgeGuard-Debug-Descriptor-1-Value"));
        Assert.Equal("no-store", allowed.Header("Cache-Control"));
        Assert.NotNull(refused.Header("X-EdgeGuard-Decision-Id"));
        Assert.DoesNotContain("Debug", string.Join(' ', without.Headers.Select(header => header.Key)), StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret-key", refused.ToString() + allowed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cookie_AsSet_IsForThisSiteAndScriptsCannotReadIt()
    {
        await using var edge = await StartAsync();
        using var response = await PostAsync(edge.Proxy!, "/v1/debug/session", (SecretHeader, Secret));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Matches(@"^eg_dbg=\d{10}\.[0-9a-f]{32}\.[A-Za-z0-9_-]{43}; Path=/; Max-Age=900; HttpOnly; SameSite=Strict$", response.Header("Set-Cookie"));
    }

    [Fact]
    public async Task Cookie_BehindATrustedProxyWithTls_IsSecure()
    {
        await using var edge = await StartAsync(options => options with { TrustedProxies = ["127.0.0.1/32"] });
        using var response = await PostAsync(edge.Proxy!, "/v1/debug/session", (SecretHeader, Secret), ("X-Forwarded-Proto", "https"));

        Assert.EndsWith("; Secure", response.Header("Set-Cookie"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_WithThePrefixOfThePeer_AreThePeers()
    {
        await using var edge = await StartAsync(options => options with { HeaderPrefix = "X-Fairvisor-" });
        var cookie = await OpenAsync(edge, edge.Decision!, "X-Fairvisor-Debug-Secret");
        using var response = await edge.DecideAsync("/v1/a", ("x-api-key", "a"), ("Cookie", cookie));

        Assert.StartsWith("fv_dbg=", cookie, StringComparison.Ordinal);
        Assert.Equal("allow", response.Header("X-Fairvisor-Debug-Decision"));
        Assert.Equal("allow", response.Header("X-Fairvisor-Decision"));
    }

    [Fact]
    public async Task Upstream_IsToldNeitherCookieNorSecret()
    {
        await using var edge = await StartAsync();
        var cookie = await OpenAsync(edge, edge.Proxy!);

        (await edge.GetAsync("/elsewhere", ("Cookie", $"a=1; {cookie}; b=2"), (SecretHeader, Secret))).Dispose();
        (await edge.GetAsync("/elsewhere", ("Cookie", cookie))).Dispose();
        (await edge.GetAsync("/elsewhere", ("Cookie", "eg_dbg=forged;eg_dbg = again; my_eg_dbg=kept"))).Dispose();

        var received = edge.Upstream.Received.Items;
        Assert.Equal("a=1; b=2", received[0].Headers["Cookie"]);
        Assert.False(received[1].Headers.ContainsKey("Cookie"));
        Assert.Equal("my_eg_dbg=kept", received[2].Headers["Cookie"]);
        Assert.All(received, request => Assert.DoesNotContain(Secret, string.Join(' ', request.Headers.Values), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cookie_OutOfTime_OpensNothing()
    {
        await using var edge = await StartAsync();
        var cookie = await OpenAsync(edge, edge.Proxy!);

        edge.Time.Advance(DebugCookie.Lifetime - TimeSpan.FromSeconds(1));
        Assert.True(await IsOpenAsync(edge, cookie));
        edge.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await IsOpenAsync(edge, cookie));
    }

    [Fact]
    public async Task Cookie_ReplayedAfterLogout_OpensNothing()
    {
        await using var edge = await StartAsync();
        var (ended, other) = (await OpenAsync(edge, edge.Proxy!), await OpenAsync(edge, edge.Proxy!));

        using var response = await PostAsync(edge.Proxy!, "/v1/debug/logout", ("Cookie", ended));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.StartsWith("eg_dbg=; Path=/; Max-Age=0;", response.Header("Set-Cookie"), StringComparison.Ordinal);
        Assert.False(await IsOpenAsync(edge, ended));
        Assert.True(await IsOpenAsync(edge, other));
    }

    [Fact]
    public async Task Cookie_OfAnEarlierProcess_OpensNothing()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();

        Assert.False(await IsOpenAsync(second, await OpenAsync(first, first.Proxy!)));
    }

    [Fact]
    public async Task Cookie_ChangedInAnyCharacter_OpensNothing()
    {
        await using var edge = await StartAsync();
        var cookie = await OpenAsync(edge, edge.Proxy!);
        for (var at = "eg_dbg=".Length; at < cookie.Length; at++)
        {
            var changed = cookie[..at] + (cookie[at] == 'A' ? 'B' : cookie[at] == '9' ? '8' : char.IsAsciiDigit(cookie[at]) ? (char)(cookie[at] + 1) : 'A') + cookie[(at + 1)..];
            Assert.False(await IsOpenAsync(edge, changed), changed);
        }

        foreach (var forged in new[] { "eg_dbg=", "eg_dbg=.", "eg_dbg=..", "eg_dbg=9999999999.x.y", $"{cookie}x", cookie[..^1], $"{cookie}; {cookie}", cookie + new string('A', 4000) })
        {
            Assert.False(await IsOpenAsync(edge, forged), forged);
        }
    }

    [Fact]
    public async Task Secret_TriedTooOften_IsNotEvenComparedAnyMore()
    {
        await using var edge = await StartAsync();
        for (var i = 0; i < AttemptLimit.PerClient; i++)
        {
            using var wrong = await PostAsync(edge.Proxy!, "/v1/debug/session", (SecretHeader, Secret + i));
            Assert.Equal((HttpStatusCode.Forbidden, "{\"error\":\"debug_secret_invalid\"}"), (wrong.StatusCode, await wrong.Content.ReadAsStringAsync()));
        }

        using var limited = await PostAsync(edge.Decision!, "/v1/debug/session", (SecretHeader, Secret));
        Assert.Equal((HttpStatusCode.TooManyRequests, "60"), (limited.StatusCode, limited.Header("Retry-After")));

        edge.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.NotEmpty(await OpenAsync(edge, edge.Proxy!));
        var page = await edge.Probes.GetStringAsync("/metrics");
        Assert.Contains("edgeguard_debug_sessions_total{result=\"refused\"} 5", page, StringComparison.Ordinal);
        Assert.Contains("edgeguard_debug_sessions_total{result=\"limited\"} 1", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/v1/debug/session", 405)]
    [InlineData("GET", "/v1/debug/logout", 405)]
    [InlineData("POST", "/v1/debug/logout", 204)]
    [InlineData("POST", "/v1/debug/session", 403)]
    [InlineData("POST", "/v1/debug/session?secret=a-long-and-secret-text", 403)]
    public async Task Door_OfDebugSessions_TakesPostsOnly(string method, string target, int status)
    {
        await using var edge = await StartAsync();
        foreach (var client in new[] { edge.Proxy!, edge.Decision! })
        {
            using var response = await EdgeUnderTest.SendAsync(client, new HttpMethod(method), target);
            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal(status == 405 ? "POST" : null, response.Header("Allow"));
        }
    }

    [Fact]
    public async Task Door_WithoutASecretInTheOptions_IsNotThere()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey());
        foreach (var client in new[] { edge.Proxy!, edge.Decision! })
        {
            using var response = await PostAsync(client, "/v1/debug/session", (SecretHeader, string.Empty));
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }

        Assert.Empty(edge.Upstream.Received.Items);
    }

    [Fact]
    public async Task DecisionDoor_WithASharedSecret_WantsItForSessionsToo()
    {
        await using var edge = await StartAsync(options => options with { DecisionSharedSecret = new SecretText("gateway") });
        using var response = await PostAsync(edge.Decision!, "/v1/debug/session", (SecretHeader, Secret));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Secret_IsInNoOutput()
    {
        await using var edge = await StartAsync();
        var cookie = await OpenAsync(edge, edge.Proxy!);
        using var refused = await edge.GetAsync("/v1/a", ("Cookie", cookie), (SecretHeader, Secret), ("x-api-key", Secret));
        using var again = await edge.GetAsync("/v1/a", ("Cookie", cookie), (SecretHeader, Secret), ("x-api-key", Secret));
        using var admin = ExplainAdminTests.AdminOf(edge);
        var output = string.Join('\n',
            refused, again, await again.Content.ReadAsStringAsync(), await edge.Probes.GetStringAsync("/metrics"), await admin.GetStringAsync("/status"),
            await admin.GetStringAsync("/config"), await admin.GetStringAsync("/explain?recent"), await admin.GetStringAsync("/explain/" + again.Header("X-EdgeGuard-Decision-Id")));

        Assert.DoesNotContain(Secret, output, StringComparison.Ordinal);
        Assert.DoesNotContain(cookie["eg_dbg=".Length..], output, StringComparison.Ordinal);
    }

    private static (string?, string?, string?, string?, string?) Told(HttpResponseMessage response) => (
        response.Header("X-EdgeGuard-Debug-Decision"), response.Header("X-EdgeGuard-Debug-Mode"), response.Header("X-EdgeGuard-Debug-Policy"),
        response.Header("X-EdgeGuard-Debug-Rule"), response.Header("X-EdgeGuard-Debug-Remaining"));

    private static Task<EdgeUnderTest> StartAsync(Func<EdgeOptions, EdgeOptions>? change = null) => EdgeUnderTest.StartAsync(
        TestBundles.PerKey(burst: 1), options => (change ?? (same => same))(options with { DebugSessionSecret = new SecretText(Secret) }));

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string target, params (string Name, string Value)[] headers) =>
        EdgeUnderTest.SendAsync(client, HttpMethod.Post, target, headers);

    private static async Task<string> OpenAsync(EdgeUnderTest edge, HttpClient client, string header = SecretHeader)
    {
        Assert.NotNull(edge);
        using var response = await PostAsync(client, "/v1/debug/session", (header, Secret));
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        return response.Header("Set-Cookie")!.Split(';')[0];
    }

    private static async Task<bool> IsOpenAsync(EdgeUnderTest edge, string cookie)
    {
        using var response = await edge.DecideAsync("/elsewhere", ("Cookie", cookie));
        return response.Header("X-EdgeGuard-Debug-Decision") is not null;
    }
}
