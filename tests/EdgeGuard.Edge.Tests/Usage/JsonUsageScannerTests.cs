using System.Text;
using EdgeGuard.Edge.Usage;

namespace EdgeGuard.Edge.Tests.Usage;

public sealed class JsonUsageScannerTests
{
    private const string Chat =
        """{"id":"c","choices":[{"message":{"role":"assistant","content":"a \"usage\":{\"completion_tokens\":999} \\"}}],"usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17,"prompt_tokens_details":{"cached_tokens":4,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":2}},"x":[1]}""";

    private const string Anthropic =
        """{"type":"message","content":[{"type":"text","text":"}{"}],"usage":{"input_tokens":10,"cache_creation_input_tokens":3,"cache_read_input_tokens":7,"output_tokens":20,"server_tool_use":{"web_search_requests":0}}}""";

    private const string Gemini =
        """[{"candidates":[{"content":{"parts":[{"text":"x"}]}}],"usageMetadata":{"promptTokenCount":8,"totalTokenCount":8}},{"usageMetadata":{"promptTokenCount":8,"candidatesTokenCount":30,"thoughtsTokenCount":5,"toolUsePromptTokenCount":2,"cachedContentTokenCount":1}}]""";

    private const string ChatEvents = """
        : comment

        data: {"choices":[{"delta":{"content":"usage"}}],"usage":null}

        data: {"choices":[{"delta":{"content":"\"usage\":{\"completion_tokens\":999}"}}]}

        data: {"choices":[],"usage":{"prompt_tokens":12,"completion_tokens":5}}

        data: [DONE]


        """;

    private const string AnthropicEvents = """
        event: message_start
        data: {"type":"message_start","message":{"id":"m","usage":{"input_tokens":25,"output_tokens":1}}}

        event: content_block_delta
        data: {"type":"content_block_delta","delta":{"text":"hi"}}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":15}}


        """;

    private const string ResponsesEvents = """
        event: response.completed
        data: {"type":"response.completed","response":{"id":"r","output":[{"usage":{"input_tokens":1}}],"usage":{"input_tokens":36,"output_tokens":87,"input_tokens_details":{"cached_tokens":6},"output_tokens_details":{"reasoning_tokens":9}}}}


        """;

    public static TheoryData<string, bool, long, long, long, long> Answers => new()
    {
        { Chat, false, 12, 5, 4, 2 },
        { Anthropic, false, 20, 20, 7, 0 },
        { Gemini, false, 10, 35, 1, 5 },
        { ChatEvents, true, 12, 5, 0, 0 },
        { ChatEvents.ReplaceLineEndings("\r\n"), true, 12, 5, 0, 0 },
        { AnthropicEvents, true, 25, 15, 0, 0 },
        { ResponsesEvents, true, 36, 87, 6, 9 },
        { """{"object":"list","usage":{"prompt_tokens":8,"total_tokens":8}}""", false, 8, 0, 0, 0 },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void Usage_IsFound_HoweverTheAnswerIsCut(string answer, bool events, long prompt, long completion, long cached, long reasoning)
    {
        var bytes = Encoding.UTF8.GetBytes(answer);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(new Engine.Decide.Usage(prompt, completion, cached, reasoning), Scan(events, bytes[..cut], bytes[cut..]).ToUsage());
        }

        Assert.True(Scan(events, [.. bytes.Select(value => new[] { value })]).IsTold);
    }

    [Fact]
    public void BeginningOfAnAnthropicStream_TellsThePromptOnly()
    {
        var cut = AnthropicEvents.IndexOf("event: message_delta", StringComparison.Ordinal);
        var counts = Scan(events: true, Encoding.UTF8.GetBytes(AnthropicEvents[..cut]));

        Assert.False(counts.IsTold);
        Assert.True(counts.Has(UsageField.Prompt));
    }

    [Theory]
    [InlineData("""{"a":{"usage":{"prompt_tokens":1}}}""")]
    [InlineData("""{"usage":"{\"prompt_tokens\":1}"}""")]
    [InlineData("""{"us\u0061ge":{"prompt_tokens":1}}""")]
    [InlineData("""{"usage":{"prompt_tokens":"1"}}""")]
    [InlineData("""{"usage":{"prompt_tokens":-1}}""")]
    [InlineData("""{"usage":{"prompt_tokens":1""")]
    [InlineData("""}}]],,::""\\usage{{{[[""")]
    [InlineData("""{"usage":[{"prompt_tokens":1}]}""")]
    [InlineData("")]
    public void WhatIsNoUsage_IsNotTaken(string answer)
    {
        var counts = Scan(events: false, Encoding.UTF8.GetBytes(answer));
        Assert.Equal(default, counts.ToUsage());
    }

    [Fact]
    public void Garbage_NeverThrows()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var alphabet = "{}[]\",:\\ \r\ndata: usage\"message\"response0123"u8.ToArray();
        for (var round = 0; round < 2000; round++)
        {
            var bytes = random.GetItems(alphabet, random.Next(200));
            _ = Scan(events: true, bytes);
            _ = Scan(events: false, bytes);
        }
    }

    [Fact]
    public void UsageObject_ThatIsTooLong_IsLeftOut()
    {
        var counts = Scan(events: false, Encoding.UTF8.GetBytes($$$"""{"usage":{"x":"{{{new string('x', 10_000)}}}","prompt_tokens":1}}"""));
        Assert.False(counts.IsTold);
    }

    private static UsageCounts Scan(bool events, params byte[][] parts)
    {
        var counts = new UsageCounts();
        var json = new JsonUsageScanner(counts);
        IUsageScanner scanner = events ? new EventStreamScanner(json) : json;
        foreach (var part in parts)
        {
            scanner.Write(part);
        }

        return counts;
    }
}
