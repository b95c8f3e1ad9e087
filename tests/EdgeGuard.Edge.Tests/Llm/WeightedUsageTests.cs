using System.IO.Compression;
using System.Text;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;
using Microsoft.AspNetCore.Http;

namespace EdgeGuard.Edge.Tests.Llm;

/// <summary>Usage that a provider tells in whole answers and in streams: what is cached and what was thought is weighed as the rule says.</summary>
public sealed class WeightedUsageTests
{
    private const string Weights = "tokens_per_minute: 10000, cached_token_weight: 0.5, reasoning_token_weight: 2";

    // Of OpenAI cached and thought tokens are within the others; of Anthropic those read from and written to the cache come on top; of Gemini thoughts do.
    [Theory]
    [InlineData("Chat", """{"usage":{"prompt_tokens":100,"completion_tokens":50,"prompt_tokens_details":{"cached_tokens":40},"completion_tokens_details":{"reasoning_tokens":20}}}""", 80 + 70)]
    [InlineData("Responses", """{"object":"response","usage":{"input_tokens":100,"output_tokens":50,"input_tokens_details":{"cached_tokens":40},"output_tokens_details":{"reasoning_tokens":20}}}""", 80 + 70)]
    [InlineData("Chat", """{"object":"list","data":[{"embedding":[0.1]}],"usage":{"prompt_tokens":100,"total_tokens":100}}""", 100)]
    [InlineData("Anthropic", """{"type":"message","usage":{"input_tokens":60,"cache_creation_input_tokens":10,"cache_read_input_tokens":40,"output_tokens":50}}""", 90 + 50)]
    [InlineData("GeminiArray", """[{"candidates":[],"usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":40,"candidatesTokenCount":30,"thoughtsTokenCount":20}}]""", 80 + 70)]
    public async Task WholeAnswer_IsSettledByItsWeights(string name, string answer, int charged)
    {
        var format = Enum.Parse<MockFormat>(name);
        await using var scene = await ModelScene.StartAsync(new MockProvider(format), format, Weights);
        scene.Edge.Upstream.Answer = context => WriteAsync(context, "application/json", answer);

        await scene.StreamAsync();

        Assert.Equal(10_000 - charged, await scene.LeftAsync());
    }

    [Theory]
    [InlineData("Chat", "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":50,\"prompt_tokens_details\":{\"cached_tokens\":40},\"completion_tokens_details\":{\"reasoning_tokens\":20}}}\n\ndata: [DONE]\n\n", 80 + 70)]
    [InlineData("Responses", "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"usage\":{\"input_tokens\":100,\"output_tokens\":50,\"input_tokens_details\":{\"cached_tokens\":40},\"output_tokens_details\":{\"reasoning_tokens\":20}}}}\n\n", 80 + 70)]
    [InlineData("Anthropic", "data: {\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":60,\"cache_read_input_tokens\":40,\"output_tokens\":1}}}\n\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":50}}\n\ndata: {\"type\":\"message_stop\"}\n\n", 80 + 50)]
    [InlineData("Gemini", "data: {\"candidates\":[],\"usageMetadata\":{\"promptTokenCount\":100,\"cachedContentTokenCount\":40,\"candidatesTokenCount\":30,\"thoughtsTokenCount\":20}}\r\n\r\n", 80 + 70)]
    public async Task Stream_IsSettledByItsWeights(string name, string events, int charged)
    {
        var format = Enum.Parse<MockFormat>(name);
        await using var scene = await ModelScene.StartAsync(new MockProvider(format), format, Weights);
        scene.Edge.Upstream.Answer = context => WriteAsync(context, "text/event-stream", events);

        await scene.StreamAsync();

        Assert.Equal(10_000 - charged, await scene.LeftAsync());
    }

    // Against what it was asked for. Passed on as it came; what it says is not read, and what was reserved stays charged.
    [Fact]
    public async Task WholeAnswerInGzip_PassesAndStaysChargedWithWhatWasReserved()
    {
        await using var scene = await ModelScene.StartAsync(new MockProvider(MockFormat.Chat), MockFormat.Chat, Weights);
        scene.Edge.Upstream.Answer = async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers.ContentEncoding = "gzip";
            await using var body = new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
            await body.WriteAsync(Encoding.UTF8.GetBytes("""{"usage":{"prompt_tokens":100,"completion_tokens":50}}"""));
        };

        using var answer = await scene.AskAsync();
        await using var text = new GZipStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(text);

        Assert.Contains("\"prompt_tokens\":100", await reader.ReadToEndAsync().Within("the answer"), StringComparison.Ordinal);
        Assert.Equal(10_000 - ModelScene.EstimatedPrompt - ModelScene.DefaultCompletion, await scene.LeftAsync());
    }

    private static async Task WriteAsync(HttpContext context, string type, string text)
    {
        context.Response.ContentType = type;
        await context.Response.WriteAsync(text, context.RequestAborted);
    }
}
