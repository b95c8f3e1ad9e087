namespace EdgeGuard.Cli.Tests.Commands.Explain;

public sealed class OfflineExplainTests : IDisposable
{
    private const string Bundle = """
        format: edgeguard/v1
        bundle_version: 7
        policies:
          - id: api
            spec:
              selector: {pathPrefix: /v1/}
              rules:
                - name: per-key
                  limit_keys: ['header:x-api-key']
                  algorithm: token_bucket
                  algorithm_config: {tokens_per_second: 1, burst: 2}
                - name: gold
                  limit_keys: []
                  match: {'header:x-tier': gold}
                  algorithm: token_bucket
                  algorithm_config: {tokens_per_second: 1, burst: 5}
        """;

    private readonly CliSession _cli = new();

    public OfflineExplainTests() => _cli.Write("b.yaml", Bundle);

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Steps_OfARequestFile_ShowCountersMove()
    {
        _cli.Write("r.yaml", """
            start: 2026-03-01T12:00:00Z
            steps:
              - times: 3
                request: {path: /v1/a, headers: {x-api-key: very-secret-key, x-tier: silver}}
              - after: 1s
                request: {path: /v1/b, headers: {x-api-key: very-secret-key, x-tier: gold}}
            """);

        var result = (await _cli.RunAsync("explain", "--request", "r.yaml", "--bundle", "b.yaml", "--json")).Exits(0);

        var decisions = result.Json["decisions"]!.AsArray();
        Assert.Equal(["2 1", "1 0", "0 0", "1 0"], decisions.Select(decision => $"{decision!["steps"]![0]!["before"]} {decision["steps"]![0]!["after"]}"));
        Assert.Equal(["allow", "allow", "reject", "allow"], decisions.Select(decision => decision!["verdict"]!.GetValue<string>()));
        Assert.Equal("2026-03-01T12:00:01.000Z", decisions[3]!["time"]!.GetValue<string>());
        Assert.Equal(["not_matched", "not_matched", "not_matched", "allowed"], decisions.Select(decision => decision!["steps"]![1]!["outcome"]!.GetValue<string>()));
        Assert.DoesNotContain("very-secret-key", result.Out + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OneRequest_AsText_IsToldNow()
    {
        _cli.Write("r.json", """{"path": "/v1/a"}""");

        var result = (await _cli.RunAsync("explain", "--request", "r.json", "--bundle", "b.yaml")).Exits(0);

        Assert.StartsWith("request 1 of 1\nrefused with 403 descriptor_missing by rule per-key of policy api\n", result.Out, StringComparison.Ordinal);
        Assert.Contains("2026-01-15T12:00:00.000Z, door offline, bundle 7", result.Out, StringComparison.Ordinal);
        Assert.Contains("missing_denied  api / per-key: a limit key has no value: header:x-api-key", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_ThatIsMalformedOrMatchesNothing_IsToldToo()
    {
        _cli.Write("r.yaml", """
            steps:
              - request: {path: /v1/%2f}
              - request: {path: /elsewhere}
            """);

        var result = (await _cli.RunAsync("explain", "--request", "r.yaml", "--bundle", "b.yaml")).Exits(0);

        Assert.Contains("refused with 400 malformed_request", result.Out, StringComparison.Ordinal);
        Assert.Contains("allowed; no policy is for this host and path", result.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_OfABundle_CanBePasted()
    {
        _cli.Write("r.yaml", """
            name: a test
            steps:
              - request: {path: /v1/a, headers: {x-api-key: a}}
                expect: {verdict: reject, reason: token_bucket_exceeded}
            """);

        Assert.Contains("allowed;", (await _cli.RunAsync("explain", "--request", "r.yaml", "--bundle", "b.yaml")).Exits(0).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pth: /v1/a", "pth")]
    [InlineData("steps: []", "steps")]
    [InlineData("steps: [{after: 1s}]", "request")]
    [InlineData("[1, 2]", "")]
    [InlineData("path: [", "")]
    public async Task RequestFile_WithAMistake_IsRefusedWithItsPlace(string text, string named)
    {
        _cli.Write("r.yaml", text);

        var result = (await _cli.RunAsync("explain", "--request", "r.yaml", "--bundle", "b.yaml")).Exits(1);

        Assert.StartsWith("r.yaml:", result.Error, StringComparison.Ordinal);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_BothWrong_AreBothTold()
    {
        _cli.Write("bad.yaml", "format: edgeguard/v1\n");
        _cli.Write("r.yaml", "pth: x");

        var result = (await _cli.RunAsync("explain", "--request", "r.yaml", "--bundle", "bad.yaml")).Exits(1);

        Assert.Contains("bad.yaml:", result.Error, StringComparison.Ordinal);
        Assert.Contains("r.yaml:", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stories_OfTooManyRequests_AreBounded()
    {
        _cli.Write("r.yaml", "steps: [{times: 5000, request: {path: /v1/a}}]");

        var json = (await _cli.RunAsync("explain", "--request", "r.yaml", "--bundle", "b.yaml", "--json")).Exits(0).Json;

        Assert.Equal(1000, json["decisions"]!.AsArray().Count);
    }
}
