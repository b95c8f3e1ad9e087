using System.Text;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Llm;

/// <summary>Azure's OpenAI, which names a deployment in its path and may name a model in the body.</summary>
public sealed class DeploymentTests
{
    [Theory]
    [InlineData("/openai/deployments/gpt-4o-eu/chat/completions?api-version=2024-10-21", """{"messages":[]}""", 200)]
    [InlineData("/openai/deployments/gpt-4o-eu/chat/completions?api-version=2024-10-21", """{"model":"gpt-4o","messages":[]}""", 200)]
    [InlineData("/eu/openai/deployments/gpt-4o-eu/embeddings", """{"input":"x"}""", 200)]
    [InlineData("/openai/deployments/o3/chat/completions", """{"messages":[]}""", 403)]
    [InlineData("/openai/deployments/o%33/chat/completions", """{"messages":[]}""", 403)]
    [InlineData("/openai/deployments/o3/chat/completions", """{"model":"gpt-4o","messages":[]}""", 403)]
    [InlineData("/openai/deployments/gpt-4o-eu/chat/completions", """{"model":"o3","messages":[]}""", 403)]
    [InlineData("/openai/deployments//chat/completions", """{"messages":[]}""", 403)]
    [InlineData("/openai/deployments/gpt-4o-eu", """{"messages":[]}""", 403)]
    [InlineData("/openai/deployments/gpt-4o-eu/chat/completions", """{"model":"gpt-4o","model":"gpt-4o","messages":[]}""", 400)]
    public async Task Deployment_IsTheModel(string path, string body, int status)
    {
        await using var edge = await EdgeUnderTest.StartAsync(ModelScene.Bundle(MockFormat.Chat, "tokens_per_minute: 100000", ", allowed_models: ['gpt-4o*']"));
        using var response = await PostAsync(edge, path, body);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Deployments_HaveLimitsAndPricesOfTheirOwn_AndTheirKeyInItsHeader()
    {
        await using var edge = await EdgeUnderTest.StartAsync(
            ModelScene.Bundle(
                MockFormat.Chat,
                string.Empty,
                ", unit: money",
                ", api_key: '${env:PROVIDER_KEY}', prices: [{model: cheap, input: 1, output: 2}, {model: dear, input: 1, output: 200}]",
                """
                        - name: spend
                          limit_keys: ['header:x-team', 'llm:model']
                          algorithm: cost_based
                          algorithm_config: {budget: 1, period: month, cost_key: 'llm:cost', staged_actions: [{threshold_percent: 100, action: reject}]}
                """),
            options => options with { ReferenceEnvironment = ["PROVIDER_KEY"] },
            new EdgeHostSettings { Environment = name => name == "PROVIDER_KEY" ? "sk-of-the-edge" : null });

        // 10 000 tokens at most cost 0.02 of the one deployment, and 2 of the other.
        const string Body = """{"messages":[],"max_tokens":10000}""";
        using var cheap = await PostAsync(edge, "/openai/deployments/cheap/chat/completions", Body, ("api-key", "client"), ("Authorization", "Bearer client"));
        using var dear = await PostAsync(edge, "/openai/deployments/dear/chat/completions", Body);
        using var unknown = await PostAsync(edge, "/openai/deployments/other/chat/completions", Body);

        Assert.Equal((200, 429, 403), ((int)cheap.StatusCode, (int)dear.StatusCode, (int)unknown.StatusCode));
        var sent = Assert.Single(edge.Upstream.Received.Items);
        Assert.Equal("sk-of-the-edge", sent.Headers["api-key"]);
        Assert.DoesNotContain("Authorization", sent.Headers.Keys, StringComparer.OrdinalIgnoreCase);
    }

    private static async Task<HttpResponseMessage> PostAsync(EdgeUnderTest edge, string path, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(edge.Proxy!.BaseAddress!, path)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("x-team", "a");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await edge.Proxy.SendAsync(request).Within("an answer");
    }
}
