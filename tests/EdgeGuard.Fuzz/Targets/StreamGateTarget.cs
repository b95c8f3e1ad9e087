using System.Buffers;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Llm;
using EdgeGuard.Fuzz.Running;

namespace EdgeGuard.Fuzz.Targets;

/// <summary>Streams of providers: however they are cut, the same events come out, nothing is lost, and the same text is counted.</summary>
internal sealed class StreamGateTarget(string name, bool isArray) : IFuzzTarget
{
    public string Name { get; } = name;

    public IReadOnlyList<byte[]> Seeds { get; } = isArray
        ? ["""[{"candidates":[{"content":{"parts":[{"text":"Hi"},{"functionCall":{"args":{"a":[1,"x"]}}}]},"index":0}],"usageMetadata":{"candidatesTokenCount":1}},{"candidates":[]}]"""u8.ToArray()]
        :
        [
            "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi \\u20ac\"},\"finish_reason\":null}],\"usage\":null}\n\ndata: [DONE]\n\n"u8.ToArray(),
            ": comment\r\n\r\nevent: content_block_delta\r\ndata: {\"type\":\"content_block_delta\",\"index\":1,\r\ndata: \"delta\":{\"text\":\"Hi\"}}\r\n\r\n"u8.ToArray(),
            "data: {\"type\":\"response.output_text.delta\",\"delta\":\"Hi\",\"sequence_number\":4}\r\rdata: {\"type\":\"response.completed\"}\n\n"u8.ToArray(),
        ];

    public IReadOnlyList<string> Words { get; } =
    [
        "data:", "data: ", "event: ", "\n", "\r", "\r\n", "\n\n", "\uFEFF", "\"usage\":{}", "\"choices\":[", "\"delta\":", "\"index\":1", "\"args\":{", "{", "}", "[", "]", "\"", "\\\"", "\\u00e9", ",", "[DONE]",
    ];

    public int Run(ReadOnlySpan<byte> input)
    {
        var whole = new Sink();
        var cutter = Cutter();
        cutter.Write(input, whole);
        cutter.Finish(whole);
        var pieces = new Sink();
        var other = Cutter();
        Cuts.Feed(input, bytes => other.Write(bytes, pieces));
        other.Finish(pieces);
        FuzzFailure.Unless(whole.Raw.WrittenSpan.SequenceEqual(input), "nothing of the stream is lost or changed");
        FuzzFailure.Unless(pieces.Raw.WrittenSpan.SequenceEqual(input) && pieces.Events == whole.Events && pieces.Text == whole.Text, "cuts make no difference");
        return whole.Events + (int)(16 * (whole.Text & 63));
    }

    private IEventCutter Cutter() => isArray ? new JsonArrayCutter() : new EventStreamCutter();

    private sealed class Sink : IEventSink
    {
        private readonly StreamEventScan[] _scans =
        [
            new(LlmFormat.OpenAi, new StreamShape()),
            new(LlmFormat.Anthropic, new StreamShape()),
            new(LlmFormat.Gemini, new StreamShape()),
        ];

        public ArrayBufferWriter<byte> Raw { get; } = new();

        public int Events { get; private set; }

        public long Text { get; private set; }

        public bool Take(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> data)
        {
            Raw.Write(raw);
            Events += data.IsEmpty ? 0 : 1;
            foreach (var scan in _scans)
            {
                scan.Read(data);
                FuzzFailure.Unless(scan.Text.Ascii + scan.Text.Other <= data.Length, "no more text is counted than there is");
                FuzzFailure.Unless(scan.UsageStart < 0 || scan.UsageEnd <= data.Length, "usage is in the event");
                Text += scan.Text.Ascii + scan.Text.Other;
            }

            return true;
        }
    }
}
