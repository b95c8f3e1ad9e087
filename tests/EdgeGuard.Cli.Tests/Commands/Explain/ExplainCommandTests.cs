using EdgeGuard.Cli.Tests.Api;

namespace EdgeGuard.Cli.Tests.Commands.Explain;

public sealed class ExplainCommandTests : IDisposable
{
    private const string Id = "5f0c8a1e9b2d47f3a6c4e8d01b7f2395";

    private const string Story = $$"""
        {
          "decision_id": "{{Id}}", "time": "2026-01-15T12:00:00.000Z", "door": "proxy", "bundle_version": 3, "bundle_digest": "abcdef0123456789",
          "trace": {"trace_id": "0af7651916cd43dd8448eb211c80319c", "span_id": "00f067aa0ba902b7", "parent_span_id": "b7ad6b7169203331"},
          "summary": "refused with 429 token_bucket_exceeded by rule long of policy tight", "verdict": "reject", "reason": "token_bucket_exceeded",
          "status": 429, "policy": "tight", "rule": "long", "route": "/v1/*", "retry_after_seconds": 100,
          "kill_switches": {"considered": 2, "why": "none of them is for this request"}, "first_denial": 1,
          "steps": [
            {"number": 1, "policy": "tight", "rule": "short", "shadow": false, "outcome": "denied", "why": "the limit does not hold the cost for another 1 s",
             "descriptors": [{"key": "header:x-api-key", "use": "limit_key", "state": "present", "value_hash": "0123456789abcdef"}],
             "limit": 1, "before": 0.25, "after": 0.25, "wait_seconds": 1, "counter": "fedcba9876543210"},
            {"number": 2, "policy": "tight", "rule": "gold\u001b[2J", "shadow": true, "outcome": "not_matched", "why": "the rule is for other requests",
             "descriptors": [{"key": "header:x-tier", "use": "match", "state": "missing", "holds": false}]}
          ],
          "usage": [{"rule": "gold\u001b[2J", "reserved": 12, "charged": 8, "how": "cut", "why": "a limit ended the stream"}]
        }
        """;

    private readonly CliSession _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Explain_OfADecision_TellsItsStory()
    {
        await using var edge = await FakeEdge.StartAsync(_cli.PathOf("a.sock"));
        edge.Answers["GET /explain/" + Id] = Story;

        var result = (await _cli.RunAsync("explain", Id, "--socket", "a.sock")).Exits(0);

        Assert.Equal(
            $"""
            refused with 429 token_bucket_exceeded by rule long of policy tight
              decision {Id}, 2026-01-15T12:00:00.000Z, door proxy, bundle 3 (abcdef01)
              trace 0af7651916cd43dd8448eb211c80319c, span 00f067aa0ba902b7, called by span b7ad6b7169203331
              route /v1/*
              kill switches: 2; none of them is for this request
               1. denied  tight / short: the limit does not hold the cost for another 1 s
                  0.25 left before, 0.25 after, of 1, enough in 1 s, counter #fedcba98
                  counted by: header:x-api-key present #01234567
               2. not_matched (shadow)  tight / gold?[2J: the rule is for other requests
                  match, does not hold: header:x-tier missing
              first to refuse: step 1, tight / short; the answer tells the one with the longest wait
              tokens of gold?[2J: 12 reserved, 8 charged; a limit ended the stream

            """,
            result.Out);
    }

    [Fact]
    public async Task Explain_AsJson_IsTheWholeStory()
    {
        await using var edge = await FakeEdge.StartAsync(_cli.PathOf("a.sock"));
        edge.Answers["GET /explain/" + Id] = Story;

        var json = (await _cli.RunAsync("explain", Id, "--socket", "a.sock", "--json")).Exits(0).Json;

        Assert.True(json["ok"]!.GetValue<bool>());
        Assert.Equal("0123456789abcdef", json["decision"]!["steps"]![0]!["descriptors"]![0]!["value_hash"]!.GetValue<string>());
    }

    [Fact]
    public async Task Explain_OfADecisionThatIsNotKept_SaysSo()
    {
        await using var edge = await FakeEdge.StartAsync(_cli.PathOf("a.sock"));

        var result = (await _cli.RunAsync("explain", Id, "--socket", "a.sock")).Exits(4);

        Assert.Contains("EG32", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recent_WithFilters_AsksForThemAndListsLines()
    {
        await using var edge = await FakeEdge.StartAsync(_cli.PathOf("a.sock"));
        edge.Answers["GET /explain"] = $$"""
            {"decisions": [{"decision_id": "{{Id}}", "time": "2026-01-15T12:00:00+00:00", "kind": "refusal", "status": 429, "reason": "kill_switch", "kill_switch": "stop"}]}
            """;

        var result = (await _cli.RunAsync("explain", "--recent", "--reason", "kill_switch", "--policy", "a&b", "--limit", "5", "--socket", "a.sock")).Exits(0);

        Assert.Equal("GET /explain?recent&reason=kill_switch&policy=a%26b&limit=5", edge.Calls.Items[0].Call);
        Assert.Contains($"{Id}  refusal  429     kill_switch  -       stop", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RecordAll_OfADuration_IsOrdered()
    {
        await using var edge = await FakeEdge.StartAsync(_cli.PathOf("a.sock"));
        edge.Answers["POST /explain/record-all"] = """{"until": "2026-01-15T12:01:00+00:00"}""";

        var result = (await _cli.RunAsync("explain", "--record-all", "60s", "--socket", "a.sock")).Exits(0);

        Assert.Equal("POST /explain/record-all?for=60s", edge.Calls.Items[0].Call);
        Assert.Contains("2026-01-15T12:01:00", result.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("explain")]
    [InlineData("explain", "--request", "r.yaml")]
    [InlineData("explain", Id, "--recent")]
    [InlineData("explain", "nonsense")]
    [InlineData("explain", "5F0C8A1E9B2D47F3A6C4E8D01B7F2395")]
    [InlineData("explain", "--record-all", "soon")]
    public async Task Explain_OfSomethingElse_IsAUsageError(params string[] arguments) => (await _cli.RunAsync(arguments)).Exits(2);
}
