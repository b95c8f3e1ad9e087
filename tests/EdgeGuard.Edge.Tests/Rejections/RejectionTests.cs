using System.Text.Json;
using EdgeGuard.Edge.Rejections;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Edge.Tests.Rejections;

public sealed class RejectionTests
{
    [Fact]
    public async Task TokenBucket_Exceeded_TellsEverything()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(burst: 1));
        (await edge.GetAsync("/v1/a", ("x-api-key", "a"))).Dispose();
        using var response = await edge.GetAsync("/v1/a", ("x-api-key", "a"));
        using var problem = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());

        Assert.Equal("429 token_bucket_exceeded", response.Verdict());
        Assert.Equal("1", response.Header("Retry-After"));
        Assert.Equal("\"api\";q=1;w=1", response.Header("RateLimit-Policy"));
        Assert.Equal("\"api\";r=0;t=1", response.Header("RateLimit"));
        Assert.Equal(("1", "0", "1"), (response.Header("RateLimit-Limit"), response.Header("RateLimit-Remaining"), response.Header("RateLimit-Reset")));
        Assert.Equal("no-store", response.Header("Cache-Control"));
        Assert.Equal("application/problem+json", response.Header("Content-Type"));
        Assert.Equal("https://iana.org/assignments/http-problem-types#quota-exceeded", problem.RootElement.GetProperty("type").GetString());
        Assert.Equal(429, problem.RootElement.GetProperty("status").GetInt32());
        Assert.Equal("api", problem.RootElement.GetProperty("violated-policies")[0].GetString());
    }

    [Fact]
    public async Task LegacyHeaders_SwitchedOff_AreNotSent()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(), options => options with { LegacyRateLimitHeaders = false });
        using var response = await edge.GetAsync("/v1/a", ("x-api-key", "a"));

        Assert.NotNull(response.Header("RateLimit"));
        Assert.Null(response.Header("RateLimit-Limit"));
    }

    [Fact]
    public async Task HeaderPrefix_OfThePeer_NamesOurHeaders()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(), options => options with { HeaderPrefix = "X-Fairvisor-" });
        using var response = await edge.GetAsync("/v1/a");

        Assert.Equal("descriptor_missing", response.Header("X-Fairvisor-Reason"));
        Assert.Null(response.Header("X-EdgeGuard-Reason"));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task KillSwitch_AnswersWithItsStatus(int status)
    {
        var top = $"kill_switches: [{{scope_key: 'header:x-tenant', scope_value: villain, status: {status}}}]";
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(top: top));
        using var response = await edge.GetAsync("/anything", ("x-tenant", "villain"));
        using var problem = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());

        Assert.Equal($"{status} kill_switch", response.Verdict());
        Assert.Equal(status != 403, response.Header("Retry-After") is not null);
        Assert.Equal("urn:edgeguard:problem:kill-switch", problem.RootElement.GetProperty("type").GetString());
        Assert.DoesNotContain("villain", problem.RootElement.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Titles_AreThere_ForEveryReason() => Assert.Equal(Reasons.Count, ProblemBody.TitleCount);

    [Theory]
    [InlineData("api", "\"api\"")]
    [InlineData("a\"b\\c", "\"a\\\"b\\\\c\"")]
    [InlineData("straße", "\"stra%C3%9Fe\"")]
    [InlineData("a\r\nb", "\"a%0D%0Ab\"")]
    public void StructuredString_Quote_EscapesWhatItMust(string text, string quoted) => Assert.Equal(quoted, StructuredString.Quote(text));

    [Fact]
    public void RetryAfter_StaysBetweenBaseAndHalfMore()
    {
        for (var seconds = 1; seconds <= 100; seconds++)
        {
            for (var jitter = 0u; jitter < 200; jitter++)
            {
                Assert.InRange(RetryAfter.Of(seconds, jitter), seconds, (int)(seconds * 1.5));
            }
        }

        Assert.Equal(0, RetryAfter.Of(0, 17));
        Assert.InRange(RetryAfter.Of(int.MaxValue, uint.MaxValue), 1, int.MaxValue);
    }

    [Fact]
    public async Task RetryAfter_OfOneClient_StaysTheSame_AndDiffersBetweenClients()
    {
        const string slow = """
            format: edgeguard/v1
            bundle_version: 1
            policies:
              - id: slow
                spec:
                  selector: {pathPrefix: /}
                  rules:
                    - {name: per-key, limit_keys: ['header:x-api-key'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 0.001, burst: 1}}
            """;
        await using var edge = await EdgeUnderTest.StartAsync(slow);
        var first = new List<string?>();
        for (var client = 0; client < 10; client++)
        {
            (await edge.GetAsync("/a", ("x-api-key", $"k{client}"))).Dispose();
            first.Add(await RetryAfterOf(edge, client));
        }

        for (var client = 0; client < 10; client++)
        {
            Assert.Equal(first[client], await RetryAfterOf(edge, client));
        }

        // 1000 s of refill spread over 500 more: that ten clients get one value by chance is less likely than 1 in 10^24.
        Assert.True(first.Distinct(StringComparer.Ordinal).Count() > 1);
        Assert.All(first, value => Assert.InRange(int.Parse(value!), 1000, 1500));
    }

    private static async Task<string?> RetryAfterOf(EdgeUnderTest edge, int client)
    {
        using var response = await edge.GetAsync("/a", ("x-api-key", $"k{client}"));
        return response.Header("Retry-After");
    }
}
