using System.Buffers;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Usage;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Edge.Llm;

/// <summary>
/// Lets the events of a provider's stream pass as long as its limits hold what they use, and ends the stream in the provider's own format where they do
/// not. An event waits for nothing but its own end.
/// </summary>
internal sealed class StreamGate(DecisionEngine engine, EdgeClock clock, Admission admission, LlmFormat format, bool isArray, bool hidesUsage) : IEventSink
{
    private const int BytesPerToken = 4;

    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private readonly StreamShape _shape = new();
    private readonly IEventCutter _cutter = isArray ? new JsonArrayCutter() : new EventStreamCutter();
    private StreamEventScan? _scan;
    private JsonUsageScanner? _json;
    private bool _hasBegun;

    /// <summary>What the provider tells.</summary>
    public UsageCounts Counts { get; } = new();

    /// <summary>What it had told when the last event passed.</summary>
    public Engine.Decide.Usage Told { get; private set; }

    /// <summary>Text that has passed since.</summary>
    public StreamedText Since { get; private set; }

    /// <summary>Whether a limit has ended the stream.</summary>
    public bool IsCut { get; private set; }

    /// <summary>What may be passed on now.</summary>
    public ReadOnlyMemory<byte> Output => _output.WrittenMemory;

    /// <summary>Takes the next bytes of the stream; false when it has ended.</summary>
    public bool Write(ReadOnlySpan<byte> bytes)
    {
        if (!_cutter.Write(bytes, this) && !IsCut)
        {
            // An event beyond any bound cannot be looked at.
            _shape.SequenceNumber++;
            Cut();
        }

        return !IsCut;
    }

    /// <summary>Takes the end of the stream.</summary>
    public void Finish()
    {
        if (!IsCut)
        {
            _cutter.Finish(this);
        }
    }

    /// <summary>Forgets what has been passed on.</summary>
    public void Clear() => _output.ResetWrittenCount();

    /// <inheritdoc />
    public bool Take(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty || data.SequenceEqual("[DONE]"u8))
        {
            _output.Write(raw);
            return true;
        }

        var scan = _scan ??= new StreamEventScan(format, _shape);
        var (choices, block) = (_shape.Choices, _shape.OpenBlock);
        scan.Read(data);
        var tells = TellsCompletion(data);
        var told = tells ? Counts.ToUsage() : Completion > 0 ? Told : Counts.ToUsage() with { Completion = Told.Completion, Reasoning = Told.Reasoning };
        var since = tells ? default : new StreamedText(Since.Ascii + scan.Text.Ascii, Since.Other + scan.Text.Other);

        // What tells usage and nothing else is charged as it is, even into debt: all of the text has passed.
        if (scan.Text != default && !engine.TryGoOn(admission, in told, in since, clock.Now))
        {
            // What this event would have ended has not ended.
            (_shape.Choices, _shape.OpenBlock) = (choices, block);
            Cut();
            return false;
        }

        (Told, Since) = (told, since);
        _hasBegun = true;
        Pass(raw, data, scan);
        return true;
    }

    private long Completion => Told.Completion;

    private bool TellsCompletion(ReadOnlySpan<byte> data)
    {
        var before = Counts.IsCompletionTold;
        Counts.IsCompletionTold = false;
        _json ??= new JsonUsageScanner(Counts);
        _json.Reset();
        _json.Write(data);
        var tells = Counts.IsCompletionTold;
        Counts.IsCompletionTold |= before;
        return tells;
    }

    // A client that did not ask for usage gets the stream that it would have got.
    private void Pass(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> data, StreamEventScan scan)
    {
        if (!hidesUsage || scan.UsageStart < 0)
        {
            _output.Write(raw);
            return;
        }

        if (scan.IsUsageOnly)
        {
            return;
        }

        var (start, end) = (scan.UsageStart, scan.UsageEnd);
        var rest = data[end..];
        var comma = rest.IndexOfAnyExcept(" \t\r\n"u8);
        if (comma >= 0 && rest[comma] == ',')
        {
            end += comma + 1;
        }
        else
        {
            var before = data[..start].TrimEnd(" \t\r\n"u8);
            start = before.Length - (before.EndsWith(","u8) ? 1 : 0);
        }

        _output.Write("data: "u8);
        _output.Write(data[..start]);
        _output.Write(data[end..]);
        _output.Write("\n\n"u8);
    }

    private void Cut()
    {
        IsCut = true;
        StreamEnding.Write(format, _shape, (isArray, _hasBegun), Told.Completion + ((Since.Ascii + Since.Other + BytesPerToken - 1) / BytesPerToken), _output);
    }
}
