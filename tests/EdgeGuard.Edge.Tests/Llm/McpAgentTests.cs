using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Llm;

/// <summary>Calls of tools by verified agents: each agent has a budget of its own for each tool, the same at both doors, and is told in JSON-RPC.</summary>
public sealed class McpAgentTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    private const string Bundle = """
        format: edgeguard/v1
        bundle_version: 1
        agents:
          - {id: scout, scheme: hmac, algorithm: hmac-sha256, secret: '${env:AGENT_SECRET}'}
          - {id: clerk, scheme: hmac, algorithm: hmac-sha256, secret: '${env:AGENT_SECRET}'}
        policies:
          - id: tools
            spec:
              selector: {pathPrefix: /mcp}
              identity: required
              identity_options: {kinds: [agent]}
              mcp: {}
              rules:
                - name: calls-of-an-agent
                  match: {'mcp:method': tools/call}
                  limit_keys: ['agent:id', 'mcp:tool']
                  algorithm: token_bucket
                  algorithm_config: {tokens_per_second: 0.01, burst: 2}
        """;

    [Fact]
    public async Task Agents_HaveBudgetsOfTheirOwn_AtBothDoors()
    {
        await using var edge = await EdgeUnderTest.StartAsync(
            Bundle,
            options => options with { ReferenceEnvironment = ["AGENT_SECRET"] },
            new EdgeHostSettings { Environment = name => name == "AGENT_SECRET" ? Secret : null });

        using var first = await CallAsync(edge, "scout", "search", 1, forwarded: true);
        using var second = await CallAsync(edge, "scout", "search", 2, forwarded: false);
        using var third = await CallAsync(edge, "scout", "search", 3, forwarded: true);
        using var asked = await CallAsync(edge, "scout", "search", 4, forwarded: false);
        using var otherTool = await CallAsync(edge, "scout", "read", 5, forwarded: false);
        using var otherAgent = await CallAsync(edge, "clerk", "search", 6, forwarded: true);

        Assert.Equal([200, 200, 429, 429, 200, 200], new[] { first, second, third, asked, otherTool, otherAgent }.Select(answer => (int)answer.StatusCode));
        await AssertErrorAsync(third, 3);
        await AssertErrorAsync(asked, 4);
        Assert.Equal(2, edge.Upstream.Count);
    }

    private static async Task AssertErrorAsync(HttpResponseMessage answer, int id)
    {
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync().Within("the error"));
        Assert.Equal("2.0", json.RootElement.GetProperty("jsonrpc").GetString());
        Assert.Equal(id, json.RootElement.GetProperty("id").GetInt32());
        var error = json.RootElement.GetProperty("error");
        Assert.Equal(-32000, error.GetProperty("code").GetInt32());
        Assert.Equal("token_bucket_exceeded", error.GetProperty("data").GetProperty("reason").GetString());
    }

    private static async Task<HttpResponseMessage> CallAsync(EdgeUnderTest edge, string agent, string tool, int id, bool forwarded)
    {
        var body = $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"{{{tool}}}"}""" + "}";
        var host = forwarded ? edge.Proxy!.BaseAddress!.Authority : "api.test";
        var created = edge.Time.GetUtcNow().ToUnixTimeSeconds();
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(body));
        var signed = $"edgeguard-hmac-v1\n{agent}\n{created}\nnonce-{id:0000}\nPOST\n{host}\n/mcp\n{Convert.ToHexStringLower(digest)}";
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.ASCII.GetBytes(signed));
        using var request = new HttpRequestMessage(HttpMethod.Post, forwarded ? "/mcp" : "/v1/decision") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation(
            "X-Agent-Signature",
            $"keyid=\"{agent}\", created={created}, nonce=\"nonce-{id:0000}\", digest=:{Convert.ToBase64String(digest)}:, mac=:{Convert.ToBase64String(mac)}:");
        if (!forwarded)
        {
            request.Headers.Add("X-Original-Method", "POST");
            request.Headers.Add("X-Original-URI", "/mcp");
            request.Headers.Add("X-Original-Host", host);
        }

        return await (forwarded ? edge.Proxy! : edge.Decision!).SendAsync(request).Within("an answer");
    }
}
