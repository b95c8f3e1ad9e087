using System.Net;
using System.Text;
using System.Text.Json;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Llm;

/// <summary>Which models may be asked for, in whose words that is refused, and whose key goes up.</summary>
public sealed class ModelRouteTests
{
    private const string Limits = "tokens_per_minute: 100000";

    [Theory]
    [InlineData("""{"model":"gpt-4o-mini","messages":[]}""", 200)]
    [InlineData("""{"model":"gpt-4o","messages":[]}""", 200)]
    [InlineData("""{"model":"gpt-\u0034o","messages":[]}""", 200)]
    [InlineData("""{"model":"gpt-4o-audio","messages":[]}""", 403)]
    [InlineData("""{"model":"o3","messages":[]}""", 403)]
    [InlineData("""{"messages":[]}""", 403)]
    [InlineData("""{"model":["gpt-4o"],"messages":[]}""", 403)]
    [InlineData("""{"model":"gpt-4o","messages":[],"model":"o3"}""", 400)]
    [InlineData("""{"model":"gpt-4o","messages":[],"Model":"o3"}""", 400)]
    [InlineData("""{"model":"gpt-4o","messages":[],"mod\u0065l":"o3"}""", 400)]
    [InlineData("""[{"model":"gpt-4o"}]""", 400)]
    [InlineData("model=gpt-4o", 400)]
    public async Task Models_AreThoseThatTheListsAllow(string body, int status)
    {
        await using var edge = await StartAsync(MockFormat.Chat, ", allowed_models: ['gpt-4o*'], denied_models: [gpt-4o-audio]");
        using var response = await PostAsync(edge, "/v1/chat/completions", body);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 200 ? 1 : 0, edge.Upstream.Count);
        if (status != 200)
        {
            var error = (await JsonOf(response)).GetProperty("error");
            Assert.Equal(status == 403 ? "model_denied" : "malformed_request", error.GetProperty("code").GetString());
            Assert.Equal(status == 403 ? "permission_error" : "invalid_request_error", error.GetProperty("type").GetString());
        }
    }

    [Theory]
    [InlineData("/v1beta/models/gemini-2.0-flash:generateContent", 200)]
    [InlineData("/v1/projects/p/locations/l/publishers/google/models/gemini-2.0-flash:streamGenerateContent", 200)]
    [InlineData("/v1beta/models/gemini-ultra:generateContent", 403)]
    [InlineData("/v1beta/models/gemini%2Dultra:generateContent", 403)]
    [InlineData("/v1beta/files/gemini-2.0-flash", 403)]
    public async Task GeminisModel_IsThatOfThePath(string path, int status)
    {
        await using var edge = await StartAsync(MockFormat.Gemini, ", allowed_models: ['gemini-2.0*']");
        using var response = await PostAsync(edge, path, """{"model":"gemini-2.0-flash","contents":[]}""");
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Refusals_AreInTheWordsOfTheProvider()
    {
        await using (var openai = await StartAsync(MockFormat.Chat, string.Empty, "tokens_per_minute: 5"))
        {
            using var response = await PostAsync(openai, "/v1/chat/completions", """{"model":"m","messages":[]}""");
            var error = (await JsonOf(response)).GetProperty("error");
            Assert.Equal("rate_limit_error", error.GetProperty("type").GetString());
            Assert.Equal("tpm_exceeded", error.GetProperty("code").GetString());
            Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
            Assert.NotNull(response.Headers.RetryAfter);
            Assert.Equal("tpm_exceeded", response.Header("X-EdgeGuard-Reason"));
        }

        await using (var anthropic = await StartAsync(MockFormat.Anthropic, ", max_body_bytes: 1024"))
        {
            using var response = await PostAsync(anthropic, "/v1/messages", $$"""{"model":"m","messages":[{"role":"user","content":"{{new string('x', 2000)}}"}]}""");
            var json = await JsonOf(response);
            Assert.Equal("error", json.GetProperty("type").GetString());
            Assert.Equal("request_too_large", json.GetProperty("error").GetProperty("type").GetString());
        }

        await using var gemini = await StartAsync(MockFormat.Gemini, string.Empty, "tokens_per_minute: 5");
        using var refused = await PostAsync(gemini, "/v1beta/models/g:generateContent", "{}");
        var details = (await JsonOf(refused)).GetProperty("error");
        Assert.Equal(429, details.GetProperty("code").GetInt32());
        Assert.Equal("RESOURCE_EXHAUSTED", details.GetProperty("status").GetString());
        Assert.Equal("TPM_EXCEEDED", details.GetProperty("details")[0].GetProperty("reason").GetString());
        Assert.EndsWith("s", details.GetProperty("details")[1].GetProperty("retryDelay").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Chat", "Authorization", "Bearer sk-of-the-edge")]
    [InlineData("Anthropic", "x-api-key", "sk-of-the-edge")]
    [InlineData("Gemini", "x-goog-api-key", "sk-of-the-edge")]
    public async Task Key_IsPutInUpstreamInThePlaceOfTheClients(string name, string header, string value)
    {
        await using var scene = await ModelScene.StartAsync(
            new MockProvider(Enum.Parse<MockFormat>(name)), Enum.Parse<MockFormat>(name), Limits, string.Empty, ", api_key: '${env:PROVIDER_KEY}'");
        using var response = await scene.AskAsync(
            string.Empty, ("Authorization", "Bearer client"), ("x-api-key", "client"), ("api-key", "client"), ("x-goog-api-key", "client"));
        await response.Content.ReadAsStringAsync().Within("the answer");
        using var listing = await scene.Edge.GetAsync("/v1/models?a=1&key=client&k%65y=client&b=2", ("x-team", "a"), ("Authorization", "Bearer client"));

        foreach (var received in scene.Edge.Upstream.Received.Items)
        {
            Assert.Equal(value, received.Headers[header]);
            Assert.DoesNotContain(received.Headers.Values, text => text.Contains("client", StringComparison.Ordinal));
        }

        Assert.Equal("/v1/models?a=1&b=2", scene.Edge.Upstream.Received.Items[^1].RawTarget);
        Assert.DoesNotContain("sk-of-the-edge", string.Join('\n', response.Headers.Concat(response.Content.Headers).SelectMany(pair => pair.Value)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutAKeyOfItsOwn_TheEdgeLeavesTheClientsAsItIs()
    {
        await using var edge = await StartAsync(MockFormat.Chat, string.Empty);
        (await PostAsync(edge, "/v1/chat/completions?key=mine", """{"model":"m","messages":[]}""", ("Authorization", "Bearer mine"))).Dispose();
        Assert.Equal("Bearer mine", edge.Upstream.Received.Items[0].Headers["Authorization"]);
        Assert.Equal("/v1/chat/completions?key=mine", edge.Upstream.Received.Items[0].RawTarget);
    }

    [Fact]
    public async Task ModelWithoutAPrice_IsRefusedWhereMoneyIsCounted()
    {
        await using var edge = await EdgeUnderTest.StartAsync(ModelScene.Bundle(
            MockFormat.Chat,
            string.Empty,
            ", unit: money",
            ", prices: [{model: cheap, input: 1, output: 2}, {model: 'cheap-*', input: 1, output: 4}]",
            """
                    - name: spend
                      limit_keys: ['header:x-team', 'llm:model', 'llm:provider']
                      algorithm: cost_based
                      algorithm_config: {budget: 1.2, period: month, cost_key: 'llm:cost', staged_actions: [{threshold_percent: 100, action: reject}]}
            """));
        edge.Upstream.Answer = static context =>
        {
            context.Response.ContentType = "application/json";
            return Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(
                context.Response, """{"usage":{"prompt_tokens":100000,"completion_tokens":200000,"prompt_tokens_details":{"cached_tokens":50000}}}""");
        };
        using var free = await PostAsync(edge, "/v1/chat/completions", """{"model":"free","messages":[]}""");
        Assert.Equal(HttpStatusCode.Forbidden, free.StatusCode);

        // 0.1 and twice or four times 0.2: of the first three cost less than 1.5, of the second two cost more; each model has a budget of its own.
        var cheap = await StatusesAsync(edge, "cheap", 3);
        var large = await StatusesAsync(edge, "cheap-large", 3);
        Assert.Equal([200, 200, 200], cheap);
        Assert.Equal([200, 200, 429], large);
    }

    private static async Task<int[]> StatusesAsync(EdgeUnderTest edge, string model, int times)
    {
        var statuses = new int[times];
        for (var i = 0; i < times; i++)
        {
            using var response = await PostAsync(edge, "/v1/chat/completions", $$"""{"model":"{{model}}","messages":[],"max_tokens":1}""");
            statuses[i] = (int)response.StatusCode;
            var engine = (Engine.Decide.DecisionEngine)edge.Host.Services.GetService(typeof(Engine.Decide.DecisionEngine))!;
            await Eventually.TrueAsync(() => engine.OpenAdmissions == 0);
        }

        return statuses;
    }

    private static Task<EdgeUnderTest> StartAsync(MockFormat format, string route, string limits = Limits) =>
        EdgeUnderTest.StartAsync(ModelScene.Bundle(format, limits, route));

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

    private static async Task<JsonElement> JsonOf(HttpResponseMessage response)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }
}
