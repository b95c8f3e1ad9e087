using System.Net;
using EdgeGuard.Bundles.Keys;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Edge.Throttling;
using EdgeGuard.Identity.Revocations;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.Identity;

/// <summary>API keys and revocation through the doors of a whole edge.</summary>
public sealed class ApiKeyTests
{
    private static readonly string Secret = ApiKeyText.Create(isPublishable: false, "live");
    private static readonly string Plain = ApiKeyText.Create(isPublishable: false, "live");
    private static readonly string Web = ApiKeyText.Create(isPublishable: true, "live");

    [Fact]
    public async Task Required_OnlyAValidKeyPasses()
    {
        await using var edge = await EdgeUnderTest.StartAsync(Bundle());

        await AssertAsync(edge, HttpStatusCode.OK, string.Empty, ("Authorization", "Bearer " + Secret));
        await AssertAsync(edge, HttpStatusCode.OK, string.Empty, ("X-API-Key", Secret));
        await AssertAsync(edge, HttpStatusCode.Unauthorized, "identity_required");
        await AssertAsync(edge, HttpStatusCode.Unauthorized, "identity_invalid", ("X-API-Key", ApiKeyText.Create(isPublishable: false, "live")));
        await AssertAsync(edge, HttpStatusCode.Unauthorized, "identity_invalid", ("X-API-Key", Secret), ("Authorization", "Bearer " + Secret));
    }

    [Theory]
    [InlineData("/v1/web/a", "https://app.example.com", HttpStatusCode.OK)]
    [InlineData("/v1/web", "https://app.example.com", HttpStatusCode.OK)]
    [InlineData("/v1/web/../web/a", "https://app.example.com", HttpStatusCode.OK)]
    [InlineData("/v1/web/%2e%2e/private", "https://app.example.com", HttpStatusCode.Unauthorized)]
    [InlineData("/v1/webs", "https://app.example.com", HttpStatusCode.Unauthorized)]
    [InlineData("/v1/web/a", "https://evil.example.com", HttpStatusCode.Unauthorized)]
    public async Task PublishableKey_ByCanonicalPathAndOrigin(string target, string origin, HttpStatusCode status)
    {
        await using var edge = await EdgeUnderTest.StartAsync(Bundle());

        using var response = await edge.GetAsync(target, ("X-API-Key", Web), ("Origin", origin));

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Descriptors_CountByPlanOfTheKey()
    {
        await using var edge = await EdgeUnderTest.StartAsync(Bundle());
        var key = ("X-API-Key", Secret);
        for (var i = 0; i < 3; i++)
        {
            await AssertAsync(edge, HttpStatusCode.OK, string.Empty, key);
        }

        await AssertAsync(edge, HttpStatusCode.TooManyRequests, "token_bucket_exceeded", key);
    }

    [Fact]
    public async Task Plan_OfTheKey_ChoosesTheNumbers_AndAHeaderOfThatNameNone()
    {
        await using var edge = await EdgeUnderTest.StartAsync(Bundle("""
                    - name: by-plan
                      limit_keys: ['key:id']
                      algorithm: token_bucket
                      algorithm_config: {tokens_per_second: 0.001, burst: 1}
                      tiers: {by: 'key:plan', default: free, plans: {free: {burst: 1}, gold: {burst: 3}}}
            """));
        foreach (var (key, burst) in new[] { (Secret, 3), (Plain, 1) })
        {
            for (var i = 0; i < burst; i++)
            {
                await AssertAsync(edge, HttpStatusCode.OK, string.Empty, ("X-API-Key", key), ("plan", "gold"));
            }

            await AssertAsync(edge, HttpStatusCode.TooManyRequests, "token_bucket_exceeded", ("X-API-Key", key), ("plan", "gold"));
        }
    }

    [Fact]
    public async Task RevokedKey_IsRefusedAtOnce_AndMetricsSayWhy()
    {
        await using var edge = await EdgeUnderTest.StartAsync(Bundle());
        await AssertAsync(edge, HttpStatusCode.OK, string.Empty, ("X-API-Key", Secret));

        Revoke(edge, "billing");

        await AssertAsync(edge, HttpStatusCode.Unauthorized, "identity_invalid", ("X-API-Key", Secret));
        var metrics = await edge.Probes.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Contains("edgeguard_credentials_total{kind=\"api_key\",outcome=\"revoked\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("edgeguard_credentials_total{kind=\"api_key\",outcome=\"verified\"} 1", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret[8..30], metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RevokedWhileItsAnswerStreams_TheStreamEnds()
    {
        await using var edge = await EdgeUnderTest.StartAsync(Bundle());
        edge.Upstream.Answer = EndlessAsync;
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(edge.Proxy!.BaseAddress!, "/v1/a"));
        request.Headers.TryAddWithoutValidation("X-API-Key", Secret);
        using var response = await edge.Proxy.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Within("headers");
        await using var body = await response.Content.ReadAsStreamAsync();
        Assert.True(await body.ReadAsync(new byte[16]).AsTask().Within("first bytes") > 0);

        Revoke(edge, "someone-else");
        Assert.True(await body.ReadAsync(new byte[16]).AsTask().Within("more bytes") > 0);
        Revoke(edge, "billing");

        await Assert.ThrowsAnyAsync<Exception>(() => ReadToEndAsync(body).Within("the end"));
    }

    [Fact]
    public async Task RevokedWhileItWaits_TheWaitEndsWithARefusal()
    {
        await using var edge = await EdgeUnderTest.StartAsync(Bundle("""
                    - name: staged
                      limit_keys: ['key:org']
                      algorithm: cost_based
                      algorithm_config:
                        budget: 10
                        period: 1h
                        staged_actions: [{threshold_percent: 10, action: throttle, delay_ms: 5000}, {threshold_percent: 100, action: reject}]
            """));
        var pending = edge.GetAsync("/v1/a", ("X-API-Key", Secret));
        await Eventually.TrueAsync(() => edge.Host.Services.GetRequiredService<ThrottleGate>().Waiting == 1);

        Revoke(edge, "billing");

        using var response = await pending.Within("the refusal");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(0, edge.Upstream.Count);
    }

    [Fact]
    public async Task RevokedBeforeTheUpstreamAnswers_IsRefused()
    {
        await using var edge = await EdgeUnderTest.StartAsync(Bundle());
        var go = new Signal();
        edge.Upstream.Answer = async _ => await go.WaitAsync();
        var pending = edge.GetAsync("/v1/a", ("X-API-Key", Secret));
        await edge.Upstream.Received.WaitForAsync(1);

        Revoke(edge, "billing");

        using var response = await pending.Within("the refusal");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        go.Set();
    }

    private static async Task EndlessAsync(Microsoft.AspNetCore.Http.HttpContext context)
    {
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, "data", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Yield();
        }
    }

    private static async Task ReadToEndAsync(Stream body)
    {
        var buffer = new byte[4096];
        while (await body.ReadAsync(buffer) > 0)
        {
        }

        throw new EndOfStreamException();
    }

    private static void Revoke(EdgeUnderTest edge, string id) => edge.Host.Services.GetRequiredService<RevocationList>().UsePushed(
        new RevocationsDefinition { TokensValidAfter = [new TokensValidAfter(RevokedKind.Key, id, edge.Time.GetUtcNow())] });

    private static async Task AssertAsync(EdgeUnderTest edge, HttpStatusCode status, string reason, params (string, string)[] headers)
    {
        using var response = await edge.GetAsync("/v1/a", headers);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(reason, response.Headers.TryGetValues("X-EdgeGuard-Reason", out var values) ? values.Single() : string.Empty);
        using var decision = await edge.DecideAsync("/nowhere");
        Assert.True(decision.IsSuccessStatusCode);
    }

    private const string ByPlan = """
                - name: by-plan
                  limit_keys: ['key:org']
                  match: {'key:plan': gold}
                  algorithm: token_bucket
                  algorithm_config: {tokens_per_second: 1, burst: 3}
        """;

    private static string Bundle(string rules = ByPlan) => $$"""
        format: edgeguard/v1
        bundle_version: 1
        api_keys:
          - {id: billing, kind: secret, sha256: {{ApiKeyText.DigestText(Secret)}}, organization: acme, plan: gold}
          - {id: plain, kind: secret, sha256: {{ApiKeyText.DigestText(Plain)}}, organization: small, plan: free}
          - id: web
            kind: publishable
            sha256: {{ApiKeyText.DigestText(Web)}}
            organization: acme
            plan: gold
            allowed_origins: ['https://app.example.com']
            allowed_paths: [/v1/web]
        policies:
          - id: api
            spec:
              selector: {pathPrefix: /v1/}
              identity: required
              rules:
        {{rules}}
        """;
}
