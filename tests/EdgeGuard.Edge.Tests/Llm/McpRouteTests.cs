using System.Text;
using System.Text.Json;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Llm;

/// <summary>Calls of tools: which may be made, how often, and what a client of the protocol is told.</summary>
public sealed class McpRouteTests
{
    private const string Bundle = """
        format: edgeguard/v1
        bundle_version: 1
        policies:
          - id: tools
            spec:
              selector: {pathPrefix: /}
              mcp: {allowed_tools: [search, 'read_*'], denied_tools: [read_secrets], max_body_bytes: 1024}
              rules:
                - name: calls
                  match: {'mcp:method': tools/call}
                  limit_keys: ['mcp:tool', 'mcp:session']
                  algorithm: token_bucket
                  algorithm_config: {tokens_per_second: 0.01, burst: 2}
        """;

    [Fact]
    public async Task Calls_AreLimitedByToolAndSession_AndRefusedInJsonRpc()
    {
        await using var edge = await EdgeUnderTest.StartAsync(Bundle);

        Assert.Equal(200, await StatusAsync(edge, "s1", Call("search")));
        Assert.Equal(200, await StatusAsync(edge, "s1", Call("search")));
        Assert.Equal(200, await StatusAsync(edge, "s1", Call("read_file")));
        Assert.Equal(200, await StatusAsync(edge, "s2", Call("search")));
        using var refused = await PostAsync(edge, "s1", Call("search", "\"a\\u0062\""));

        Assert.Equal(429, (int)refused.StatusCode);
        Assert.Equal("application/json", refused.Content.Headers.ContentType!.MediaType);
        var text = await refused.Content.ReadAsStringAsync();
        Assert.Contains("\"id\":\"a\\u0062\"", text, StringComparison.Ordinal);
        var error = JsonDocument.Parse(text).RootElement.GetProperty("error");
        Assert.Equal(-32000, error.GetProperty("code").GetInt32());
        Assert.Equal("token_bucket_exceeded", error.GetProperty("data").GetProperty("reason").GetString());
        Assert.True(error.GetProperty("data").GetProperty("retry_after").GetInt32() > 0);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}""", 200)]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", 200)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{}}""", 200)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"read_secrets"}}""", 403)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"delete"}}""", 403)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{}}""", 400)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"search","name":"delete"}}""", 400)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"search"},"params":{"name":"delete"}}""", 400)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"ping","Method":"tools/call","params":{"name":"delete"}}""", 400)]
    [InlineData("""{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"search","Name":"delete"}}""", 400)]
    [InlineData("""[{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"delete"}}]""", 400)]
    [InlineData("tools/call", 400)]
    public async Task Messages_PassOrAreRefused_AsTheyCanBeRead(string message, int status)
    {
        await using var edge = await EdgeUnderTest.StartAsync(Bundle);
        using var answer = await PostAsync(edge, "s", message);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 200 ? 1 : 0, edge.Upstream.Count);
        if (status == 403)
        {
            var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            Assert.Equal(7, json.GetProperty("id").GetInt32());
            Assert.Equal(-32602, json.GetProperty("error").GetProperty("code").GetInt32());
        }
    }

    [Fact]
    public async Task StreamOfTheServer_AndTooLongMessages_AreToldApart()
    {
        await using var edge = await EdgeUnderTest.StartAsync(Bundle);
        using var stream = await edge.GetAsync("/", ("Accept", "text/event-stream"), ("Mcp-Session-Id", "s"));
        Assert.Equal(200, (int)stream.StatusCode);
        Assert.Equal(413, await StatusAsync(edge, "s", Call(new string('x', 2000))));
    }

    private static string Call(string tool, string id = "1") => $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"{{{tool}}}"}""" + "}";

    private static async Task<int> StatusAsync(EdgeUnderTest edge, string session, string message)
    {
        using var response = await PostAsync(edge, session, message);
        return (int)response.StatusCode;
    }

    private static async Task<HttpResponseMessage> PostAsync(EdgeUnderTest edge, string session, string message)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, edge.Proxy!.BaseAddress) { Content = new StringContent(message, Encoding.UTF8, "application/json") };
        request.Headers.Add("Mcp-Session-Id", session);
        return await edge.Proxy.SendAsync(request).Within("an answer");
    }
}
