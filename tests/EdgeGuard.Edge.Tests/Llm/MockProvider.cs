using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using EdgeGuard.Testing;
using Microsoft.AspNetCore.Http;

namespace EdgeGuard.Edge.Tests.Llm;

/// <summary>
/// A provider of models that streams an answer of numbered tokens of four letters, one an event, in the format of a real one, cut into pieces at random,
/// and counts what it says that was used.
/// </summary>
internal sealed class MockProvider(MockFormat format, int seed = 1)
{
    /// <summary>What it says of every prompt.</summary>
    public const int PromptTokens = 9;

    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);
    private long _used;

    /// <summary>Tokens of each choice.</summary>
    public int Tokens { get; init; } = 20;

    public int Choices { get; init; } = 1;

    /// <summary>Whether the answer is the arguments of a call.</summary>
    public bool CallsTool { get; init; }

    public MockFault Fault { get; init; }

    /// <summary>Whether events come in pieces.</summary>
    public bool IsCut { get; init; } = true;

    /// <summary>Set when half of a slow answer, or all of one that breaks off, has been sent.</summary>
    public Signal HalfSent { get; } = new();

    /// <summary>Lets a slow answer go on, and the other one break off.</summary>
    public Signal GoOn { get; } = new();

    /// <summary>All that it said was used.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>The answer to a request.</summary>
    public async Task AnswerAsync(HttpContext context, ReadOnlyMemory<byte> request)
    {
        context.Response.ContentType = format == MockFormat.GeminiArray ? "application/json" : "text/event-stream";
        if (Fault == MockFault.Gzip)
        {
            context.Response.Headers.ContentEncoding = "gzip";
        }

        await context.Response.Body.FlushAsync(context.RequestAborted);
        await using var body = Fault == MockFault.Gzip ? new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true) : context.Response.Body;
        var events = Events(AsksForUsage(request)).ToArray();
        for (var i = 0; i < events.Length; i++)
        {
            if (Fault == MockFault.Slow && i == events.Length / 2)
            {
                HalfSent.Set();
                await GoOn.WaitAsync("the second half");
            }

            var bytes = Encoding.UTF8.GetBytes(events[i]);
            if (Fault == MockFault.CutMidEvent && i == events.Length - 1)
            {
                await body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), context.RequestAborted);
                await body.FlushAsync(context.RequestAborted);
                HalfSent.Set();

                // What has been sent could be lost with the connection, so that is seen first.
                await GoOn.WaitAsync("the breaking off");
                context.Abort();
                return;
            }

            await WriteAsync(body, bytes, context.RequestAborted);
        }

        if (Fault is MockFault.None or MockFault.Slow or MockFault.Gzip)
        {
            Interlocked.Add(ref _used, PromptTokens + (Tokens * Choices));
        }
    }

    /// <summary>The text of a token: four letters, by which it is known.</summary>
    public static string Text(int index) => string.Create(CultureInfo.InvariantCulture, $"t{index % 1000:000}");

    private async Task WriteAsync(Stream body, byte[] bytes, CancellationToken cancellation)
    {
        var from = 0;
        while (from < bytes.Length)
        {
            var count = bytes.Length - from;
            if (IsCut)
            {
                lock (_gate)
                {
                    count = Math.Min(count, _random.Next(1, 60));
                }
            }

            await body.WriteAsync(bytes.AsMemory(from, count), cancellation);
            await body.FlushAsync(cancellation);
            from += count;
        }
    }

    private IEnumerable<string> Events(bool usageAsked) => format switch
    {
        MockFormat.Chat => Chat(usageAsked),
        MockFormat.Responses => Responses(),
        MockFormat.Anthropic => Anthropic(),
        MockFormat.Gemini => Gemini().Select(json => $"data: {json}\r\n\r\n"),
        _ => Gemini().Select((json, index) => (index == 0 ? "[" : ",\n") + json).Append("\n]\n"),
    };

    private IEnumerable<string> Chat(bool usageAsked)
    {
        const string Head = """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"mock-1","choices":[""";
        var usage = usageAsked ? ",\"usage\":null}\n\n" : "}\n\n";
        for (var i = 0; i < Tokens; i++)
        {
            for (var choice = 0; choice < Choices; choice++)
            {
                var delta = CallsTool
                    ? $$$"""{"tool_calls":[{"index":0,"function":{"arguments":"{{{Text(i)}}}"}}]}"""
                    : $$"""{"content":"{{Text(i)}}"}""";
                yield return Head + $$"""{"index":{{choice}},"delta":{{delta}},"finish_reason":null}]""" + usage;
            }
        }

        for (var choice = 0; choice < Choices; choice++)
        {
            yield return Head + $$"""{"index":{{choice}},"delta":{},"finish_reason":"stop"}]""" + usage;
        }

        if (usageAsked && Fault != MockFault.NoUsage)
        {
            yield return Head + $$"""],"usage":{"prompt_tokens":{{PromptTokens}},"completion_tokens":{{Told}}""" + "}}\n\n";
        }

        yield return "data: [DONE]\n\n";
    }

    private IEnumerable<string> Responses()
    {
        yield return Named("response.created", """{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","created_at":1700000000,"model":"mock-1"}}""");
        var all = new StringBuilder();
        for (var i = 0; i < Tokens; i++)
        {
            all.Append(Text(i));
            yield return Named("response.output_text.delta", $$"""{"type":"response.output_text.delta","sequence_number":{{i + 1}},"output_index":0,"delta":"{{Text(i)}}"}""");
        }

        yield return Named("response.output_text.done", $$"""{"type":"response.output_text.done","sequence_number":{{Tokens + 1}},"text":"{{all}}"}""");
        var usage = Fault == MockFault.NoUsage ? "null" : $$"""{"input_tokens":{{PromptTokens}},"output_tokens":{{Told}}}""";
        yield return Named(
            "response.completed",
            $$"""{"type":"response.completed","sequence_number":{{Tokens + 2}},"response":{"id":"resp_1","output":[{"content":[{"text":"{{all}}"}]}],"usage":{{usage}}""" + "}}");
    }

    private IEnumerable<string> Anthropic()
    {
        yield return Named(
            "message_start",
            $$"""{"type":"message_start","message":{"id":"msg_1","role":"assistant","content":[],"model":"mock-1","usage":{"input_tokens":{{(Fault == MockFault.NoUsage ? 0 : PromptTokens)}},"output_tokens":1""" + "}}}");
        yield return Named("content_block_start", """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""");
        for (var i = 0; i < Tokens; i++)
        {
            var delta = CallsTool ? $$"""{"type":"input_json_delta","partial_json":"{{Text(i)}}"}""" : $$"""{"type":"text_delta","text":"{{Text(i)}}"}""";
            yield return Named("content_block_delta", $$"""{"type":"content_block_delta","index":0,"delta":{{delta}}}""");
        }

        yield return Named("content_block_stop", """{"type":"content_block_stop","index":0}""");
        var usage = Fault == MockFault.NoUsage ? string.Empty : $$""","usage":{"output_tokens":{{Told}}}""";
        yield return Named("message_delta", """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null}""" + usage + "}");
        yield return Named("message_stop", """{"type":"message_stop"}""");
    }

    private IEnumerable<string> Gemini()
    {
        for (var i = 0; i < Tokens; i++)
        {
            var candidates = string.Join(',', Enumerable.Range(0, Choices).Select(choice =>
                $$"""{"content":{"parts":[{"text":"{{Text(i)}}"}],"role":"model"},"index":{{choice}}{{(i == Tokens - 1 ? ",\"finishReason\":\"STOP\"" : string.Empty)}}}"""));
            var usage = Fault == MockFault.NoUsage
                ? string.Empty
                : $$""","usageMetadata":{"promptTokenCount":{{PromptTokens}},"candidatesTokenCount":{{(Fault == MockFault.WrongUsage ? Told : ((i + 1) * Choices).ToString(CultureInfo.InvariantCulture))}}}""";
            yield return $$"""{"candidates":[{{candidates}}]{{usage}},"modelVersion":"mock-1","responseId":"r1"}""";
        }
    }

    private string Told => Fault == MockFault.WrongUsage ? "-5" : (Tokens * Choices).ToString(CultureInfo.InvariantCulture);

    private static string Named(string name, string data) => $"event: {name}\ndata: {data}\n\n";

    private static bool AsksForUsage(ReadOnlyMemory<byte> request)
    {
        if (request.IsEmpty)
        {
            return false;
        }

        using var json = JsonDocument.Parse(request);
        return json.RootElement.TryGetProperty("stream_options", out var options) && options.TryGetProperty("include_usage", out var usage) && usage.GetBoolean();
    }
}
