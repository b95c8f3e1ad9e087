using System.Text.Json;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Edge.Llm;

/// <summary>
/// Reads one event of a provider's stream: how much text of the completion it holds, over all choices, tool calls and thoughts, and what of it an event
/// that ends the stream has to repeat. What is no JSON counts whole. Never throws.
/// </summary>
internal sealed class StreamEventScan(LlmFormat format, StreamShape shape)
{
    private const int MaxDepth = 64;

    private readonly StreamMember[] _names = new StreamMember[MaxDepth + 2];
    private readonly byte[] _text = new byte[512];
    private long _ascii;
    private long _other;
    private long _deltaAscii;
    private long _deltaOther;
    private long _index;
    private bool _isFinished;
    private bool _isResponseEvent;
    private bool _isAudio;
    private BlockEvent _block;
    private int _usageStart;
    private int _choices;

    /// <summary>Text of the completion in the event.</summary>
    public StreamedText Text { get; private set; }

    /// <summary>Where the event's own <c>usage</c> begins, or -1.</summary>
    public int UsageStart { get; private set; }

    /// <summary>Where it ends.</summary>
    public int UsageEnd { get; private set; }

    /// <summary>Whether the event has choices, and they are none: all that it tells is usage.</summary>
    public bool IsUsageOnly => UsageStart >= 0 && _choices == 0;

    /// <summary>Reads an event's data.</summary>
    public void Read(ReadOnlySpan<byte> data)
    {
        (_ascii, _other, _deltaAscii, _deltaOther) = (0, 0, 0, 0);
        (_isResponseEvent, _isAudio, _block, _index) = (false, false, BlockEvent.None, 0);
        (UsageStart, UsageEnd, _usageStart, _choices) = (-1, -1, -1, -1);
        try
        {
            var reader = new Utf8JsonReader(data, new JsonReaderOptions { MaxDepth = MaxDepth });
            while (reader.Read())
            {
                Take(ref reader);
            }
        }
        catch (JsonException)
        {
            UsageStart = -1;
            Text = new StreamedText(data.Length, 0);
            return;
        }

        shape.IsResponses |= _isResponseEvent;
        shape.OpenBlock = _block == BlockEvent.None ? shape.OpenBlock : _block == BlockEvent.Begin ? _index : -1;
        Text = _isResponseEvent ? _isAudio ? default : new StreamedText(_deltaAscii, _deltaOther)
            : new StreamedText(_ascii, _other);
    }

    private void Take(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                _names[depth] = StreamMembers.Of(in reader);
                if (depth == 1 && _names[1] == StreamMember.Usage)
                {
                    _usageStart = (int)reader.TokenStartIndex;
                }

                return;
            case JsonTokenType.StartArray:
                _names[depth + 1] = _names[depth];
                _choices = depth == 1 && _names[1] == StreamMember.Choices ? 0 : _choices;
                return;
            case JsonTokenType.StartObject:
                BeginObject(depth);
                return;
            case JsonTokenType.EndObject:
                EndObject(depth);
                break;
            case JsonTokenType.String:
                TakeText(ref reader, depth);
                break;
            case JsonTokenType.Number:
                TakeNumber(in reader, depth);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                CountTree(reader.ValueSpan.Length, depth);
                break;
            default:
                break;
        }

        if (depth == 1 && _usageStart >= 0 && _names[1] == StreamMember.Usage)
        {
            (UsageStart, UsageEnd, _usageStart) = (_usageStart, (int)reader.BytesConsumed, -1);
        }
    }

    private bool IsChoice(int depth) => depth == 2 && _names[1] is StreamMember.Choices or StreamMember.Candidates;

    private void BeginObject(int depth)
    {
        if (IsChoice(depth))
        {
            (_index, _isFinished) = (0, false);
            _choices += _choices >= 0 ? 1 : 0;
            shape.HasBegun = true;
        }

        _names[depth + 1] = StreamMember.None;
    }

    private void EndObject(int depth)
    {
        if (IsChoice(depth))
        {
            shape.Choices.Note(_index, _isFinished);
        }
    }

    private void TakeNumber(ref readonly Utf8JsonReader reader, int depth)
    {
        CountTree(reader.ValueSpan.Length, depth);
        var isWhole = reader.TryGetInt64(out var value);
        switch (_names[depth])
        {
            case StreamMember.Index when depth == 3 && IsChoice(2) && isWhole:
                _index = value;
                break;
            case StreamMember.Index when depth == 1 && format == LlmFormat.Anthropic && isWhole:
                _index = value;
                break;
            case StreamMember.SequenceNumber when depth == 1 && isWhole:
                shape.SequenceNumber = value;
                break;
            case StreamMember.Created when depth == 1 || (depth == 2 && _names[1] == StreamMember.Response):
                shape.TakeCreated(reader.ValueSpan);
                break;
            default:
                break;
        }
    }

    private void TakeText(ref Utf8JsonReader reader, int depth)
    {
        var name = _names[depth];
        var isTop = depth == 1 || (depth == 2 && _names[1] is StreamMember.Response or StreamMember.Message);
        switch (name)
        {
            case StreamMember.Type when depth == 1:
                TakeType(in reader);
                return;
            case StreamMember.Object when depth == 1:
                shape.IsText |= reader.ValueTextEquals("text_completion"u8);
                return;
            case StreamMember.Id when isTop:
                shape.TakeId(Quoted(in reader));
                return;
            case StreamMember.Model when isTop:
                shape.TakeModel(Quoted(in reader));
                return;
            case StreamMember.Finish when depth == 3:
                _isFinished = true;
                return;
            case StreamMember.Delta when depth == 1:
                Count(ref reader, ref _deltaAscii, ref _deltaOther);
                return;
            default:
                break;
        }

        if (IsCounted(name, depth))
        {
            Count(ref reader, ref _ascii, ref _other);
        }
    }

    // Anthropic repeats nothing but what is below these; the others repeat only in events of the Responses API, of which deltas alone count.
    private bool IsCounted(StreamMember name, int depth)
    {
        for (var i = 1; i < depth; i++)
        {
            if (_names[i] == StreamMember.LogProbs)
            {
                return false;
            }

            if (_names[i] == StreamMember.ArgumentTree)
            {
                return true;
            }
        }

        return name is StreamMember.Text or StreamMember.Arguments && (format != LlmFormat.Anthropic || _names[1] is StreamMember.Delta or StreamMember.Block);
    }

    // Values in Gemini's arguments, which come as JSON and not as text.
    private void CountTree(int length, int depth)
    {
        for (var i = 1; i < depth; i++)
        {
            if (_names[i] == StreamMember.ArgumentTree)
            {
                _ascii += length;
                return;
            }
        }
    }

    private void TakeType(ref readonly Utf8JsonReader reader)
    {
        var type = reader.ValueSpan;
        _isResponseEvent |= type.StartsWith("response."u8);
        _isAudio |= type.StartsWith("response.audio.delta"u8) || type.StartsWith("response.image_generation_call"u8);
        shape.HasBegun |= _isResponseEvent || type.SequenceEqual("message_start"u8);
        if (type.SequenceEqual("content_block_start"u8))
        {
            _block = BlockEvent.Begin;
        }
        else if (type.SequenceEqual("content_block_stop"u8))
        {
            _block = BlockEvent.End;
        }
    }

    private ReadOnlySpan<byte> Quoted(ref readonly Utf8JsonReader reader)
    {
        var raw = reader.ValueSpan;
        if (raw.Length + 2 > _text.Length)
        {
            return default;
        }

        _text[0] = (byte)'"';
        raw.CopyTo(_text.AsSpan(1));
        _text[raw.Length + 1] = (byte)'"';
        return _text.AsSpan(0, raw.Length + 2);
    }

    private static void Count(ref Utf8JsonReader reader, ref long ascii, ref long other)
    {
        var raw = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
        {
            foreach (var b in raw)
            {
                ascii += b < 0x80 ? 1 : 0;
                other += b < 0x80 ? 0 : 1;
            }

            return;
        }

        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                ascii += raw[i] < 0x80 ? 1 : 0;
                other += raw[i] < 0x80 ? 0 : 1;
            }
            else if (raw[++i] != 'u')
            {
                ascii++;
            }
            else
            {
                // Each half of a surrogate pair is two of its four bytes.
                _ = System.Buffers.Text.Utf8Parser.TryParse(raw.Slice(i + 1, 4), out int code, out _, 'x');
                ascii += code < 0x80 ? 1 : 0;
                other += code < 0x80 ? 0 : code < 0x800 || char.IsSurrogate((char)code) ? 2 : 3;
                i += 4;
            }
        }
    }

    private enum BlockEvent : byte
    {
        None,
        Begin,
        End,
    }
}
