using System.Net;
using System.Text;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.Usage;

/// <summary>What is left of 1000 tokens after a request that reserved about 500.</summary>
public sealed class SettlementTests
{
    private const string Asks = """{"max_tokens":490,"messages":[]}""";
    private const string Event = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":20}}\n\n";

    [Fact]
    public async Task JsonAnswer_IsSettled()
    {
        await using var edge = await Start("application/json", """{"usage":{"prompt_tokens":10,"completion_tokens":20}}""");
        using var response = await AskAsync(edge);

        Assert.Equal("""{"usage":{"prompt_tokens":10,"completion_tokens":20}}""", await response.Content.ReadAsStringAsync());
        Assert.Equal(970, await LeftAsync(edge));
    }

    [Fact]
    public async Task EventStream_IsSettled()
    {
        await using var edge = await Start("text/event-stream; charset=utf-8", "data: {\"choices\":[{}]}\n\n" + Event + "data: [DONE]\n\n");
        (await AskAsync(edge)).Dispose();
        Assert.Equal(970, await LeftAsync(edge));
    }

    [Fact]
    public async Task Overuse_IsCharged()
    {
        await using var edge = await Start("application/json", """{"usage":{"prompt_tokens":10,"completion_tokens":880}}""");
        (await AskAsync(edge)).Dispose();
        Assert.Equal(110, await LeftAsync(edge));
    }

    [Theory]
    [InlineData("application/json", "{}")]
    [InlineData("text/html", """{"usage":{"prompt_tokens":10,"completion_tokens":20}}""")]
    public async Task AnswerWithoutUsage_StaysChargedWithWhatWasReserved(string type, string body)
    {
        await using var edge = await Start(type, body);
        (await AskAsync(edge)).Dispose();
        Assert.InRange(await LeftAsync(edge), 400, 510);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task ErrorOfTheProvider_IsRefunded(int status)
    {
        await using var edge = await Start("application/json", """{"usage":{"prompt_tokens":10,"completion_tokens":20}}""", status);
        (await AskAsync(edge)).Dispose();
        Assert.Equal(1000, await LeftAsync(edge));
    }

    [Fact]
    public async Task UpstreamThatDoesNotAnswer_IsRefunded()
    {
        await using var edge = await EdgeUnderTest.StartAsync(FlowBundles.Llm());
        edge.Upstream.Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        using var response = await AskAsync(edge);
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(1000, await LeftAsync(edge));
    }

    [Fact]
    public async Task Provider_IsAskedNotToCompress()
    {
        await using var edge = await Start("application/json", "{}");
        (await AskAsync(edge, "gzip, br")).Dispose();
        (await AskAsync(edge, "gzip, identity;q=0")).Dispose();

        Assert.Equal("identity", edge.Upstream.Received.Items[0].Headers["Accept-Encoding"]);
        Assert.Contains("gzip", edge.Upstream.Received.Items[1].Headers["Accept-Encoding"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_AreNotHeldBack()
    {
        await using var edge = await EdgeUnderTest.StartAsync(FlowBundles.Llm());
        var go = new Signal();
        edge.Upstream.Answer = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: 1\n\n");
            await context.Response.Body.FlushAsync();
            await go.WaitAsync();
            await context.Response.WriteAsync(Event);
        };
        using var request = Request(edge);
        using var response = await edge.Proxy!.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Within("headers");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal("data: 1", await reader.ReadLineAsync().Within("the first event"));
        go.Set();
        await reader.ReadToEndAsync().Within("the rest");
        Assert.Equal(970, await LeftAsync(edge));
    }

    [Fact]
    public async Task ClientGoneInTheMiddle_IsChargedWhatWasStreamed()
    {
        // 400 bytes of text are 100 tokens.
        var text = new string('a', 400);
        Assert.InRange(await LeftWhenGoneAsync($"data: {{\"id\":\"{new string('x', 900)}\",\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n"), 880, 900);
    }

    [Fact]
    public async Task ClientGoneInTheMiddle_OfMoreThanWasReserved_IsChargedWhatWasReserved() =>
        Assert.InRange(await LeftWhenGoneAsync($"data: {{\"delta\":{{\"text\":\"{new string('a', 8000)}\"}}}}\n\n"), 490, 510);

    [Fact]
    public async Task ClientGoneInTheMiddle_AfterTheProviderToldItsUsage_IsChargedThat() => Assert.Equal(970, await LeftWhenGoneAsync(Event));

    [Fact]
    public async Task ClientGoneInTheMiddle_AfterTheProviderToldThePrompt_IsChargedThatAndWhatWasStreamed() => Assert.InRange(await LeftWhenGoneAsync(
        "data: {\"message\":{\"usage\":{\"input_tokens\":200,\"output_tokens\":1}}}\n\ndata: {\"delta\":{\"text\":\"\\u20ac \\n \"}}\n\n"), 795, 798);

    private static async Task<long> LeftWhenGoneAsync(string events)
    {
        await using var edge = await EdgeUnderTest.StartAsync(FlowBundles.Llm());
        edge.Upstream.Answer = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(events, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        using (var request = Request(edge))
        using (var response = await edge.Proxy!.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Within("headers"))
        {
            var read = new byte[Encoding.UTF8.GetByteCount(events)];
            await (await response.Content.ReadAsStreamAsync()).ReadExactlyAsync(read).AsTask().Within("the events");
        }

        return await LeftAsync(edge);
    }

    [Fact]
    public async Task ClientGoneInTheMiddle_OfAnAnswerInOnePiece_StaysChargedWithWhatWasReserved()
    {
        await using var edge = await EdgeUnderTest.StartAsync(FlowBundles.Llm());
        edge.Upstream.Answer = async context =>
        {
            context.Response.ContentType = "application/json";
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.WriteAsync("data: {}\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await Task.Yield();
            }
        };
        using (var request = Request(edge))
        {
            (await edge.Proxy!.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Within("headers")).Dispose();
        }

        Assert.InRange(await LeftAsync(edge), 400, 510);
    }

    private static async Task<EdgeUnderTest> Start(string type, string body, int status = 200)
    {
        var edge = await EdgeUnderTest.StartAsync(FlowBundles.Llm());
        edge.Upstream.Answer = context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            return context.Response.WriteAsync(body);
        };
        return edge;
    }

    private static async Task<HttpResponseMessage> AskAsync(EdgeUnderTest edge, string? coding = null)
    {
        using var request = Request(edge);
        if (coding is not null)
        {
            request.Headers.Add("Accept-Encoding", coding);
        }

        return await edge.Proxy!.SendAsync(request).Within("an answer");
    }

    private static HttpRequestMessage Request(EdgeUnderTest edge)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(edge.Proxy!.BaseAddress!, "/v1/a")) { Content = new StringContent(Asks) };
        request.Headers.Add("x-api-key", "a");
        return request;
    }

    // Asks for one token more, without a body that anybody has to read, and takes it back from what is told.
    private static async Task<long> LeftAsync(EdgeUnderTest edge)
    {
        await Eventually.TrueAsync(() => edge.Host.Services.GetRequiredService<DecisionEngine>().OpenAdmissions == 0);
        using var response = await edge.DecideAsync("/v1/a", ("x-api-key", "a"));
        var told = response.Header("RateLimit");
        var left = long.Parse(told!.Split("r=")[1].Split(';')[0], System.Globalization.CultureInfo.InvariantCulture);
        return left + 100;
    }
}
