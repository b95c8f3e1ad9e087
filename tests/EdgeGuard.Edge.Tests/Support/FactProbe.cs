using EdgeGuard.Options;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Support;

/// <summary>
/// An edge that tells what it makes of one descriptor: a kill switch refuses the expected value, and a rule refuses when there is none.
/// </summary>
internal sealed class FactProbe : IAsyncDisposable
{
    public const string Expected = "expected";
    public const string Other = "other";
    public const string Missing = "missing";
    public const string Unverifiable = "unverifiable";

    private FactProbe(EdgeUnderTest edge) => Edge = edge;

    public EdgeUnderTest Edge { get; }

    public static async Task<FactProbe> StartAsync(
        string descriptor, string value, Func<EdgeOptions, EdgeOptions>? change = null, string rule = "", TestTimeProvider? time = null) =>
        new(await EdgeUnderTest.StartAsync(
            BundleOf(descriptor, value, rule), change, time is null ? null : new EdgeGuard.Edge.Hosting.EdgeHostSettings { Time = time }));

    public static string BundleOf(string descriptor, string value, string rule = "", int version = 1) => $$"""
        format: edgeguard/v1
        bundle_version: {{version}}
        kill_switches:
          - {scope_key: '{{descriptor}}', scope_value: '{{value}}', reason: seen}
        policies:
          - id: probe
            spec:
              selector: {pathPrefix: /}
              rules:
                - name: there
                  limit_keys: ['{{descriptor}}']
                  {{rule}}
                  algorithm: token_bucket
                  algorithm_config: {tokens_per_second: 1000000, burst: 1000000}
        """;

    /// <summary>Asks both doors about a request with these header lines, and gives their one answer.</summary>
    public async Task<string> AskAsync(string target, string headers = "", string method = "GET", string host = "api.test")
    {
        var proxy = await ProxyAsync(target, headers, method, host);
        var decision = await DecisionAsync(target, headers, method, host);
        Assert.Equal(proxy, decision);
        return proxy;
    }

    public async Task<string> ProxyAsync(string target, string headers = "", string method = "GET", string host = "api.test") => Outcome(await RawHttp.SendAsync(
        Edge.Proxy!.BaseAddress!, $"{method} {target} HTTP/1.1\r\nHost: {host}\r\n{headers}Connection: close\r\n\r\n"));

    public async Task<string> DecisionAsync(string target, string headers = "", string method = "GET", string host = "api.test") => Outcome(await RawHttp.SendAsync(
        Edge.Decision!.BaseAddress!,
        $"GET /v1/decision HTTP/1.1\r\nHost: gateway\r\nX-Original-Method: {method}\r\nX-Original-URI: {target}\r\nX-Original-Host: {host}\r\n{headers}Connection: close\r\n\r\n"));

    public ValueTask DisposeAsync() => Edge.DisposeAsync();

    private static string Outcome(string answer)
    {
        var status = answer.Split(' ', 3)[1];
        return status switch
        {
            "200" => Other,
            "429" when answer.Contains("kill_switch", StringComparison.Ordinal) => Expected,
            "403" when answer.Contains("descriptor_missing", StringComparison.Ordinal) => Missing,
            "401" when answer.Contains("identity_invalid", StringComparison.Ordinal) => Unverifiable,
            _ => status,
        };
    }
}
