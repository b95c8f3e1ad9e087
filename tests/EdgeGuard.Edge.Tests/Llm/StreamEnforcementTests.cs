using System.Text.Json;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Llm;

/// <summary>Streams of real requests through a real edge. Time stands still, so that nothing refills.</summary>
public sealed class StreamEnforcementTests
{
    private const int Prompt = ModelScene.EstimatedPrompt;

    [Theory]
    [InlineData("Chat")]
    [InlineData("Responses")]
    [InlineData("Anthropic")]
    [InlineData("Gemini")]
    [InlineData("GeminiArray")]
    public async Task BudgetAtItsEnd_ClosesTheStreamExactlyThereInTheProvidersFormat(string name)
    {
        var format = Enum.Parse<MockFormat>(name);
        var provider = new MockProvider(format, seed: 5) { Tokens = 300, Fault = MockFault.NoUsage };
        await using var scene = await ModelScene.StartAsync(provider, format, "tokens_per_minute: 124, buffer_tokens: 16");

        var answer = await scene.StreamAsync();

        Assert.Equal(Enumerable.Range(0, 123), ModelScene.TokensOf(answer));
        AssertEnded(format, scene.EventsOf(answer), answer);
        Assert.Equal(0, await scene.LeftAsync());
    }

    [Theory]
    [InlineData("Chat", false, 1)]
    [InlineData("Chat", true, 3)]
    [InlineData("Responses", false, 1)]
    [InlineData("Anthropic", true, 1)]
    [InlineData("Anthropic", false, 1)]
    [InlineData("Gemini", false, 2)]
    [InlineData("GeminiArray", false, 1)]
    public async Task Totals_AreSettledAsTheProviderTellsThem(string name, bool callsTool, int choices)
    {
        var format = Enum.Parse<MockFormat>(name);
        var provider = new MockProvider(format, seed: 11) { Tokens = 40, CallsTool = callsTool, Choices = choices };
        await using var scene = await ModelScene.StartAsync(provider, format, "tokens_per_minute: 100000, buffer_tokens: 3");
        var used = 0L;
        for (var i = 0; i < 5; i++)
        {
            var answer = await scene.StreamAsync(i % 2 == 0 ? string.Empty : ",\"max_tokens\":7");
            Assert.Equal(40 * choices, ModelScene.TokensOf(answer).Length);
            used += MockProvider.PromptTokens + (40 * choices);
        }

        Assert.Equal(used, provider.Used);
        Assert.Equal(100_000 - provider.Used, await scene.LeftAsync());
    }

    [Theory]
    [InlineData("Chat")]
    [InlineData("Responses")]
    [InlineData("Anthropic")]
    [InlineData("Gemini")]
    [InlineData("GeminiArray")]
    public async Task EventsThatArePassedOn_AreThoseOfTheProvider(string name)
    {
        var format = Enum.Parse<MockFormat>(name);
        var provider = new MockProvider(format, seed: 3);
        await using var scene = await ModelScene.StartAsync(provider, format, "tokens_per_minute: 100000", ", include_stream_usage: false");

        var through = await scene.StreamAsync();
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var sent = scene.Edge.Upstream.Received.Items[^1];
        using var direct = new HttpRequestMessage(HttpMethod.Post, new Uri(scene.Edge.Upstream.Address, sent.RawTarget)) { Content = new ByteArrayContent(sent.Body) };
        using var answer = await client.SendAsync(direct).Within("the provider's own answer");

        Assert.Equal(await answer.Content.ReadAsStringAsync(), through);
    }

    [Fact]
    public async Task EventThatEndsItsChoice_WhenItIsWithheld_LeavesTheEndToTheEdge()
    {
        var provider = new MockProvider(MockFormat.Gemini) { Tokens = 12, Choices = 2 };
        await using var scene = await ModelScene.StartAsync(provider, MockFormat.Gemini, "tokens_per_minute: 1000, max_completion_tokens: 22");

        var events = scene.EventsOf(await scene.StreamAsync());

        Assert.Equal(12, events.Count);
        Assert.Equal(["MAX_TOKENS", "MAX_TOKENS"], events[^1].GetProperty("candidates").EnumerateArray().Select(candidate => candidate.GetProperty("finishReason").GetString()));
    }

    [Fact]
    public async Task UsageThatOnlyTheEdgeAskedFor_IsHidden()
    {
        var provider = new MockProvider(MockFormat.Chat, seed: 4) { Choices = 2 };
        await using var scene = await ModelScene.StartAsync(provider, MockFormat.Chat, "tokens_per_minute: 100000");
        var hidden = await scene.StreamAsync();
        var asked = await scene.StreamAsync(",\"stream_options\":{\"include_usage\":true}");

        Assert.Contains("include_usage", System.Text.Encoding.UTF8.GetString(scene.Edge.Upstream.Received.Items[0].Body), StringComparison.Ordinal);
        Assert.DoesNotContain("usage", hidden, StringComparison.Ordinal);
        Assert.Contains("\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":40}", asked, StringComparison.Ordinal);
        Assert.Equal(100_000 - provider.Used, await scene.LeftAsync());
    }

    [Fact]
    public async Task ThousandStreams_AreCutExactly()
    {
        var provider = new MockProvider(MockFormat.Chat) { Tokens = 12, IsCut = false };
        await using var scene = await ModelScene.StartAsync(provider, MockFormat.Chat, "tokens_per_minute: 1000000, max_completion_tokens: 7");
        var work = Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var i = 0; i < 125; i++)
            {
                var answer = await scene.StreamAsync();
                Assert.Equal(Enumerable.Range(0, 7), ModelScene.TokensOf(answer));
                Assert.EndsWith("\"finish_reason\":\"length\"}]}\n\ndata: [DONE]\n\n", answer, StringComparison.Ordinal);
            }
        });

        await Task.WhenAll(work);

        Assert.Equal(1_000_000 - (1000 * (Prompt + 7)), await scene.LeftAsync(reserves: 7));
    }

    [Fact]
    public async Task ConcurrentStreams_NeverPassMoreThanTheirBudget()
    {
        const int Streams = 12;
        const int Budget = 1500;
        var provider = new MockProvider(MockFormat.Chat, seed: 9) { Tokens = Budget, Fault = MockFault.NoUsage, IsCut = false };
        await using var scene = await ModelScene.StartAsync(provider, MockFormat.Chat, $"tokens_per_minute: {Budget}, buffer_tokens: 25");

        var answers = await Task.WhenAll(Enumerable.Range(0, Streams).Select(_ => scene.StreamAsync()));

        var passed = answers.Sum(answer => ModelScene.TokensOf(answer).Length);
        Assert.All(answers, answer => Assert.EndsWith("data: [DONE]\n\n", answer, StringComparison.Ordinal));
        Assert.InRange(passed, 1, Budget - (Streams * Prompt));
        Assert.Equal(Budget - (Streams * Prompt) - passed, await scene.LeftAsync());
    }

    [Fact]
    public async Task MoneyAtItsEnd_ClosesTheStreamThere()
    {
        // 2 millionths a prompt token and 10 a completion token: 10 for the prompt of 5, and 1000 for a hundred, which 360 letters are.
        var provider = new MockProvider(MockFormat.Chat, seed: 2) { Tokens = 300, Fault = MockFault.NoUsage };
        await using var scene = await ModelScene.StartAsync(
            provider,
            MockFormat.Chat,
            string.Empty,
            ", unit: money",
            ", prices: [{model: 'mock-*', input: 2, output: 10}]",
            """
                    - name: spend
                      limit_keys: ['header:x-team']
                      algorithm: cost_based
                      algorithm_config:
                        budget: 0.00101
                        period: 1d
                        cost_key: llm:cost
                        staged_actions: [{threshold_percent: 100, action: reject}]
            """);

        var answer = await scene.StreamAsync(",\"max_tokens\":50");

        Assert.EndsWith("data: [DONE]\n\n", answer, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, 90), ModelScene.TokensOf(answer));
    }

    [Theory]
    [InlineData("Chat")]
    [InlineData("Anthropic")]
    [InlineData("Gemini")]
    public async Task StreamInGzip_IsReadAndEnforced(string name)
    {
        var format = Enum.Parse<MockFormat>(name);
        var provider = new MockProvider(format) { Tokens = 30, Fault = MockFault.Gzip };
        await using var scene = await ModelScene.StartAsync(provider, format, "tokens_per_minute: 1000, max_completion_tokens: 12");

        using var response = await scene.AskAsync();
        var answer = await response.Content.ReadAsStringAsync().Within("the answer");

        Assert.Empty(response.Content.Headers.ContentEncoding);
        Assert.Equal(Enumerable.Range(0, 12), ModelScene.TokensOf(answer));
        AssertEnded(format, scene.EventsOf(answer), answer);
    }

    [Fact]
    public async Task WrongUsage_IsNotBelieved()
    {
        var provider = new MockProvider(MockFormat.Chat) { Tokens = 10, Fault = MockFault.WrongUsage };
        await using var scene = await ModelScene.StartAsync(provider, MockFormat.Chat, "tokens_per_minute: 1000");
        await scene.StreamAsync();
        Assert.Equal(1000 - Prompt - 10, await scene.LeftAsync());
    }

    [Theory]
    [InlineData("Chat")]
    [InlineData("Anthropic")]
    public async Task ProviderThatBreaksOff_IsChargedWhatWasStreamed(string name)
    {
        var format = Enum.Parse<MockFormat>(name);
        var provider = new MockProvider(format) { Tokens = 25, Fault = MockFault.CutMidEvent };
        await using var scene = await ModelScene.StartAsync(provider, format, "tokens_per_minute: 1000, buffer_tokens: 100", ", include_stream_usage: false");

        using var response = await scene.AskAsync();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        for (var isSeen = false; !isSeen;)
        {
            var line = (await reader.ReadLineAsync().Within("the next line"))!;
            isSeen = format == MockFormat.Anthropic ? line.Contains("\"message_delta\"", StringComparison.Ordinal) : ModelScene.TokensOf(line) is [24];
        }

        provider.GoOn.Set();
        await Assert.ThrowsAnyAsync<Exception>(() => reader.ReadToEndAsync()).Within("the broken answer");

        // Of Anthropic's the prompt is known from the first event, and the whole completion from the last but one.
        Assert.Equal(format == MockFormat.Anthropic ? 1000 - MockProvider.PromptTokens - 25 : 1000 - Prompt - 25, await scene.LeftAsync());
    }

    [Fact]
    public async Task ClientThatLeaves_IsChargedWhatWasStreamed()
    {
        var provider = new MockProvider(MockFormat.Anthropic) { Tokens = 40, Fault = MockFault.Slow, IsCut = false };
        await using var scene = await ModelScene.StartAsync(provider, MockFormat.Anthropic, "tokens_per_minute: 1000, buffer_tokens: 100");
        var seen = 0;
        using (var response = await scene.AskAsync())
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            await provider.HalfSent.WaitAsync("half of the answer");
            while (seen < 20)
            {
                var line = await reader.ReadLineAsync().Within("the next line");
                seen += ModelScene.TokensOf(line!).Length;
            }
        }

        Assert.Equal(1000 - MockProvider.PromptTokens - 20, await scene.LeftAsync());
        provider.GoOn.Set();
    }

    [Fact]
    public async Task Events_AreNotHeldBack()
    {
        var provider = new MockProvider(MockFormat.Chat) { Tokens = 10, Fault = MockFault.Slow };
        await using var scene = await ModelScene.StartAsync(provider, MockFormat.Chat, "tokens_per_minute: 1000");
        using var response = await scene.AskAsync();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        // All that was sent before the provider waits arrives while it waits.
        await provider.HalfSent.WaitAsync("half of the answer");
        for (var seen = 0; seen < 6;)
        {
            seen += ModelScene.TokensOf((await reader.ReadLineAsync().Within("the next line"))!).Length;
        }

        Assert.False(provider.GoOn.IsSet);
        provider.GoOn.Set();
        Assert.EndsWith("data: [DONE]\n\n", await reader.ReadToEndAsync().Within("the rest"), StringComparison.Ordinal);
    }

    private static void AssertEnded(MockFormat format, List<JsonElement> events, string answer)
    {
        switch (format)
        {
            case MockFormat.Chat:
                var choice = events[^1].GetProperty("choices")[0];
                Assert.Equal("length", choice.GetProperty("finish_reason").GetString());
                Assert.Equal("chatcmpl-1", events[^1].GetProperty("id").GetString());
                Assert.Equal(1_700_000_000, events[^1].GetProperty("created").GetInt64());
                Assert.EndsWith("data: [DONE]\n\n", answer, StringComparison.Ordinal);
                break;
            case MockFormat.Responses:
                Assert.Equal("response.incomplete", events[^1].GetProperty("type").GetString());
                Assert.Equal("max_output_tokens", events[^1].GetProperty("response").GetProperty("incomplete_details").GetProperty("reason").GetString());
                Assert.Equal("resp_1", events[^1].GetProperty("response").GetProperty("id").GetString());
                Assert.Equal(events[^2].GetProperty("sequence_number").GetInt64() + 1, events[^1].GetProperty("sequence_number").GetInt64());
                break;
            case MockFormat.Anthropic:
                Assert.Equal(["content_block_stop", "message_delta", "message_stop"], events[^3..].Select(e => e.GetProperty("type").GetString()));
                Assert.Equal("max_tokens", events[^2].GetProperty("delta").GetProperty("stop_reason").GetString());
                break;
            default:
                Assert.Equal("MAX_TOKENS", events[^1].GetProperty("candidates")[0].GetProperty("finishReason").GetString());
                Assert.Equal("mock-1", events[^1].GetProperty("modelVersion").GetString());
                break;
        }
    }
}
