using System.Text;
using EdgeGuard.Edge.Llm;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Llm;

/// <summary>No event waits for anything but its own last byte.</summary>
public sealed class EventPassingTests
{
    private const int Events = 8;

    // What ends an event is the end of its empty line, of which a carriage return is enough; in an array the end of its object.
    [Theory]
    [InlineData("data: {0}\n\n", "\n", true)]
    [InlineData("data: {0}\r\n\r\n", "\r", true)]
    [InlineData("data: {0}\r\r", "\r", true)]
    [InlineData("event: e\nid: 1\ndata: {0}\n\n", "\n", true)]
    [InlineData("data: x\ndata: {0}\n\n", "\n", true)]
    [InlineData("{{\"text\":\"{0}\"}},", "}", false)]
    [InlineData("{{\"text\":\"}}]\\\"{0}\",\"a\":[{{}}]}},", "}", false)]
    public void Event_IsHandedOutWithItsLastByte(string form, string last, bool isStream)
    {
        IEventCutter cutter = isStream ? new EventStreamCutter() : new JsonArrayCutter();
        var sink = new CountingSink();
        if (!isStream)
        {
            cutter.Write("["u8, sink);
        }

        for (var i = 1; i <= Events; i++)
        {
            var text = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, i);
            var end = text.LastIndexOf(last, StringComparison.Ordinal);
            end = isStream && text.EndsWith("\r\n\r\n", StringComparison.Ordinal) ? text.Length - 2 : end;
            for (var at = 0; at < text.Length; at++)
            {
                Assert.True(cutter.Write(Encoding.UTF8.GetBytes(text[at..(at + 1)]), sink));
                Assert.Equal((i, at, at < end ? i - 1 : i), (i, at, sink.WithData));
            }
        }
    }

    [Theory]
    [InlineData("Chat")]
    [InlineData("Responses")]
    [InlineData("Anthropic")]
    [InlineData("Gemini")]
    [InlineData("GeminiArray")]
    public async Task Event_ThatComesByteByByte_ReachesTheClientBeforeTheNextIsSent(string name)
    {
        var format = Enum.Parse<MockFormat>(name);
        await using var scene = await ModelScene.StartAsync(new MockProvider(format), format, "tokens_per_minute: 100000");
        var seen = Enumerable.Range(0, Events).Select(_ => new Signal()).ToArray();
        scene.Edge.Upstream.Answer = async context =>
        {
            context.Response.ContentType = format == MockFormat.GeminiArray ? "application/json" : "text/event-stream";
            for (var i = 0; i < Events; i++)
            {
                foreach (var b in Encoding.UTF8.GetBytes(EventOf(format, i)))
                {
                    await context.Response.Body.WriteAsync(new[] { b }, context.RequestAborted);
                    await context.Response.Body.FlushAsync(context.RequestAborted);
                }

                await seen[i].WaitAsync("the client to have seen the event");
            }
        };

        using var response = await scene.AskAsync();
        await using var body = await response.Content.ReadAsStreamAsync();
        var text = new StringBuilder();
        var buffer = new byte[4096];
        for (var i = 0; i < Events; i++)
        {
            while (!text.ToString().Contains(MockProvider.Text(i), StringComparison.Ordinal) || !IsWhole(format, text.ToString(), i))
            {
                var count = await body.ReadAsync(buffer).AsTask().Within("an event");
                Assert.NotEqual(0, count);
                text.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }

            seen[i].Set();
        }

        while (await body.ReadAsync(buffer).AsTask().Within("the end") > 0)
        {
        }
    }

    private static string EventOf(MockFormat format, int index) => format switch
    {
        MockFormat.Chat => $$$"""data: {"id":"c","choices":[{"index":0,"delta":{"content":"{{{MockProvider.Text(index)}}}"}}]}""" + "\n\n",
        MockFormat.Responses => $$"""data: {"type":"response.output_text.delta","sequence_number":{{index}},"delta":"{{MockProvider.Text(index)}}"}""" + "\n\n",
        MockFormat.Anthropic => "event: content_block_delta\n"
            + $$$"""data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"{{{MockProvider.Text(index)}}}"}}""" + "\n\n",
        MockFormat.Gemini => $$$"""data: {"candidates":[{"content":{"parts":[{"text":"{{{MockProvider.Text(index)}}}"}]}}]}""" + "\r\n\r\n",
        _ => (index == 0 ? "[" : ",\n") + $$$"""{"candidates":[{"content":{"parts":[{"text":"{{{MockProvider.Text(index)}}}"}]}}]}""" + (index == Events - 1 ? "]" : string.Empty),
    };

    // Up to the end of its line, or in an array of its object.
    private static bool IsWhole(MockFormat format, string text, int index)
    {
        var rest = text[text.IndexOf(MockProvider.Text(index), StringComparison.Ordinal)..];
        return format == MockFormat.GeminiArray ? rest.Contains("\"}]}}]}", StringComparison.Ordinal) : rest.ReplaceLineEndings("\n").Contains("\n\n", StringComparison.Ordinal);
    }

    private sealed class CountingSink : IEventSink
    {
        public int WithData { get; private set; }

        public bool Take(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> data)
        {
            WithData += data.IsEmpty ? 0 : 1;
            return true;
        }
    }
}
