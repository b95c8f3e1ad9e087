using System.Text;
using System.Text.Json.Nodes;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Lane;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Identity;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;
using static EdgeGuard.Edge.Tests.Lane.LaneQuestions;

namespace EdgeGuard.Edge.Tests.Lane;

/// <summary>A request on the lane allocates nothing, from its first byte to the last of the answer, and calls the kernel twice.</summary>
public sealed class LaneBudgetTests
{
    private const int Requests = 2000;

    [Fact]
    public async Task Allow_ByOneRule_AllocatesNothing()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(burst: 1_000_000));
        await AssertFreeAsync(edge, Ask(headers: "x-api-key: a\r\n"), '2');
    }

    [Fact]
    public async Task Reject_AllocatesNothing()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(burst: 1));
        await AssertFreeAsync(edge, Ask(headers: "x-api-key: a\r\n"), '4');
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public async Task Requests_ThatArriveTogether_TakeOneReadAndOneWrite(int together)
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(burst: 1_000_000));
        await using var lane = new LaneUnderTest(edge.Host.Services.GetRequiredService<DecisionLane>(), edge.Time);
        for (var i = 1; i <= 3; i++)
        {
            lane.Send(string.Concat(Enumerable.Repeat(Ask(headers: "x-api-key: a\r\n"), together)));
            Assert.Equal((i, i), (lane.Reads, lane.Writes));
            Assert.Equal(together, lane.Answered().Split("HTTP/1.1 200 OK\r\n").Length - 1);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("identity_options: {forward_headers: {x-user: 'jwt:sub', x-aud: 'jwt:aud'} }")]
    public async Task Allow_ByFiveRulesAndACachedToken_AllocatesNothing(string identity)
    {
        await using var server = await JwksServer.StartAsync();
        var time = new TestTimeProvider(TimeProvider.System.GetUtcNow());
        var rules = string.Concat(Enumerable.Range(0, 5).Select(i => $$"""

                    - {name: r{{i}}, limit_keys: ['jwt:sub', 'header:x-{{i}}'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1000000, burst: 1000000} }
            """));
        var bundle = $$"""
            format: edgeguard/v1
            bundle_version: 1
            issuers:
              - {id: main, issuer: '{{server.Issuer}}', audiences: [api], algorithms: [RS256], jwks_url: '{{server.KeySetUrl}}'}
            policies:
              - id: users
                spec:
                  selector: {pathPrefix: /}
                  {{identity}}
                  rules:{{rules}}
            """;
        await using var edge = await EdgeUnderTest.StartAsync(
            bundle, options => options with { FetchAllowedHosts = [server.BaseAddress.Authority] }, new EdgeHostSettings { Time = time });
        var token = "Bearer " + server.Issue(new JsonObject { ["sub"] = "eve", ["aud"] = "api" }, time: time);
        var headers = Enumerable.Range(0, 5).Select(i => (Name: $"x-{i}", Value: "v")).Append(("Authorization", token)).ToArray();
        await Eventually.TrueAsync(async () =>
        {
            using var ready = await edge.DecideAsync("/v1/a", headers);

            // The keys that were fetched meanwhile begin a new cache.
            return ready.Verdict() == "200 allow" && edge.Host.Services.GetRequiredService<CallerVerifier>().Tokens.Counters.CacheHits > 0;
        });

        await AssertFreeAsync(edge, Ask(headers: string.Concat(headers.Select(header => $"{header.Item1}: {header.Item2}\r\n"))), '2');
    }

    private static async Task AssertFreeAsync(EdgeUnderTest edge, string request, char status)
    {
        await using var lane = new LaneUnderTest(edge.Host.Services.GetRequiredService<DecisionLane>(), edge.Time);
        var bytes = Encoding.Latin1.GetBytes(request);
        byte answered = 0;
        var allocated = Allocations.Least(() =>
        {
            for (var i = 0; i < Requests; i++)
            {
                lane.Send(bytes);
                answered = lane.SkipAnswer();
            }
        });
        Assert.Equal(status, (char)answered);
        Assert.Null(lane.HandedOver);
        Assert.Equal(0, allocated / Requests);
    }
}
