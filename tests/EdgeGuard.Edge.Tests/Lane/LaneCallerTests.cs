using System.Text.Json.Nodes;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Lane;
using EdgeGuard.Edge.Telemetry;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Identity;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;
using static EdgeGuard.Edge.Tests.Lane.LaneQuestions;

namespace EdgeGuard.Edge.Tests.Lane;

/// <summary>What the lane makes of callers that it has to ask about, and of what goes wrong on the way.</summary>
public sealed class LaneCallerTests
{
    private static string Bundle(JwksServer server) => $$"""
        format: edgeguard/v1
        bundle_version: 1
        issuers:
          - {id: main, issuer: '{{server.Issuer}}', audiences: [api], algorithms: [RS256], jwks_url: '{{server.KeySetUrl}}'}
        policies:
          - id: users
            spec:
              selector: {pathPrefix: /}
              identity: required
              rules:
                - {name: r, limit_keys: ['jwt:sub'], algorithm: token_bucket, algorithm_config: {tokens_per_second: 1, burst: 3} }
        """;

    [Fact]
    public async Task NeverSeenTokens_AreVerified_AndTheConnectionStaysWithTheLane()
    {
        await using var server = await JwksServer.StartAsync();
        await using var edge = await StartAsync(server);
        await using var lane = LaneOf(edge);
        foreach (var name in (string[])["eve", "adam", "seth"])
        {
            lane.Send(Ask(headers: "Authorization: Bearer " + Issue(server, edge, name) + "\r\n") + Ask());

            var answers = (await AnswersAsync(lane, 2)).Split("HTTP/1.1 ")[1..];

            Assert.StartsWith("200 ", answers[0], StringComparison.Ordinal);
            Assert.StartsWith("401 ", answers[1], StringComparison.Ordinal);
        }

        Assert.Null(lane.HandedOver);
    }

    [Fact]
    public async Task ForgedToken_IsRefused_AndWhatFollowsIsAnswered()
    {
        await using var server = await JwksServer.StartAsync();
        await using var edge = await StartAsync(server);
        await using var lane = LaneOf(edge);
        var token = Issue(server, edge, "eve");
        var forged = token[..^8] + (token[^8] == 'A' ? 'B' : 'A') + token[^7..];
        lane.Send(Ask(headers: $"Authorization: Bearer {forged}\r\n") + Ask(headers: $"Authorization: Bearer {token}\r\n"));

        var answers = (await AnswersAsync(lane, 2)).Split("HTTP/1.1 ")[1..];

        Assert.StartsWith("401 ", answers[0], StringComparison.Ordinal);
        Assert.Contains("WWW-Authenticate: Bearer error=\"invalid_token\"", answers[0], StringComparison.Ordinal);
        Assert.StartsWith("200 ", answers[1], StringComparison.Ordinal);
        Assert.Null(lane.HandedOver);
    }

    [Fact]
    public async Task TokenThatIsBoundToAKey_WithoutProof_IsRefusedHoweverOftenItComes()
    {
        await using var server = await JwksServer.StartAsync();
        await using var edge = await StartAsync(server);
        await using var lane = LaneOf(edge);
        var token = server.Issue(
            new JsonObject { ["sub"] = "eve", ["aud"] = "api", ["cnf"] = new JsonObject { ["jkt"] = new string('a', 43) } }, time: edge.Time);
        for (var i = 0; i < 3; i++)
        {
            lane.Send(Ask(headers: $"Authorization: Bearer {token}\r\n"));

            var answer = await AnswersAsync(lane, 1);

            Assert.StartsWith("HTTP/1.1 401 ", answer, StringComparison.Ordinal);
            Assert.Contains("WWW-Authenticate: DPoP ", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Failure_WhileDeciding_LetsNothingPass()
    {
        await using var edge = await EdgeUnderTest.StartAsync(
            TestBundles.PerKey(), settings: new EdgeHostSettings { Services = services => services.AddSingleton<IDecisionRecorder, BrokenRecorder>() });
        await using var lane = LaneOf(edge);
        lane.Send(Ask(headers: "x-api-key: a\r\n") + Ask(headers: "x-api-key: a\r\n"));
        await lane.Ended.Within("the end of the connection");

        var answer = lane.Answered();

        Assert.StartsWith("HTTP/1.1 500 Internal Server Error\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("X-EdgeGuard-Decision: reject\r\n", answer, StringComparison.Ordinal);
        Assert.Single(answer.Split("HTTP/1.1 ")[1..]);
        Assert.DoesNotContain("broken", answer, StringComparison.Ordinal);
        Assert.Null(lane.HandedOver);
    }

    private static string Issue(JwksServer server, EdgeUnderTest edge, string name) =>
        server.Issue(new JsonObject { ["sub"] = name, ["aud"] = "api" }, time: edge.Time);

    private static async Task<EdgeUnderTest> StartAsync(JwksServer server)
    {
        var time = new TestTimeProvider(TimeProvider.System.GetUtcNow());
        var edge = await EdgeUnderTest.StartAsync(
            Bundle(server), options => options with { FetchAllowedHosts = [server.BaseAddress.Authority] }, new EdgeHostSettings { Time = time });
        var callers = edge.Host.Services.GetRequiredService<CallerVerifier>();
        var header = "Bearer " + Issue(server, edge, "first");
        await Eventually.TrueAsync(async () => (await callers.Tokens.VerifyAsync(header, CancellationToken.None)).Outcome == CredentialOutcome.Verified);
        return edge;
    }

    private static async Task<string> AnswersAsync(LaneUnderTest lane, int count)
    {
        var answers = string.Empty;
        await Eventually.TrueAsync(() => (answers += lane.Answered()).Split("HTTP/1.1 ").Length > count, what: $"{count} answers");
        return answers;
    }

    private static LaneUnderTest LaneOf(EdgeUnderTest edge) => new(edge.Host.Services.GetRequiredService<DecisionLane>(), edge.Time);

    private sealed class BrokenRecorder : IDecisionRecorder
    {
        public void Record(PolicySnapshot snapshot, in Decision decision, long nanoseconds) => throw new InvalidOperationException("broken");

        public IReadOnlyList<DecisionCount> Totals() => [];
    }
}
