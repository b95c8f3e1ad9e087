using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Edge.Usage;

/// <summary>
/// Measures the text of a completion as its events pass by, for answers that break off before they tell their usage. Counts the strings of members by
/// which providers stream text, arguments of tool calls and thoughts; keeps only a name and numbers. Never throws.
/// </summary>
/// <remarks>
/// What a provider says twice (the whole text once more at the end of a part) counts twice: the estimate is then too high, and what was reserved bounds it.
/// </remarks>
internal sealed class StreamedContent
{
    /// <summary>Longest of the names that matter.</summary>
    private const int MaxNameBytes = 17;

    private const int CodeDigits = 4;

    private readonly byte[] _name = new byte[MaxNameBytes];
    private int _nameLength;
    private long _ascii;
    private long _other;
    private long _stringAscii;
    private long _stringOther;
    private int _code;
    private int _codeDigits;
    private bool _isContent;
    private bool _inString;
    private bool _escaped;

    /// <summary>What was streamed so far, a string that is not at its end included.</summary>
    public StreamedText Text => _inString && _isContent ? new(_ascii + _stringAscii, _other + _stringOther) : new(_ascii, _other);

    /// <summary>Begins a new document; what was measured stays.</summary>
    public void Reset()
    {
        if (_inString)
        {
            EndString();
        }

        _inString = false;
        _escaped = false;
        _codeDigits = 0;
        _isContent = false;
        _nameLength = 0;
    }

    /// <summary>Takes the next bytes of a document in, however they are cut.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (!_inString)
            {
                var next = bytes.IndexOfAny((byte)'"', (byte)':');
                if (next < 0)
                {
                    return;
                }

                if (bytes[next] == ':')
                {
                    // The string before was a name.
                    _isContent = _nameLength <= MaxNameBytes && IsContent(_name.AsSpan(0, _nameLength));
                }
                else
                {
                    BeginString();
                }

                bytes = bytes[(next + 1)..];
                continue;
            }

            bytes = bytes[TakeString(bytes)..];
        }
    }

    private void BeginString()
    {
        _inString = true;
        _nameLength = 0;
        _stringAscii = 0;
        _stringOther = 0;
    }

    private int TakeString(ReadOnlySpan<byte> bytes)
    {
        if (_codeDigits > 0)
        {
            TakeDigit(bytes[0]);
            return 1;
        }

        if (_escaped)
        {
            _escaped = false;
            _nameLength = MaxNameBytes + 1;
            _codeDigits = bytes[0] == 'u' ? CodeDigits : 0;
            _code = 0;
            _stringAscii += bytes[0] == 'u' ? 0 : 1;
            return 1;
        }

        var end = bytes.IndexOfAny((byte)'"', (byte)'\\');
        var text = end < 0 ? bytes : bytes[..end];
        foreach (var b in text)
        {
            _stringAscii += b < 0x80 ? 1 : 0;
            _stringOther += b < 0x80 ? 0 : 1;
        }

        AppendName(text);
        if (end < 0)
        {
            return bytes.Length;
        }

        _escaped = bytes[end] == '\\';
        if (!_escaped)
        {
            EndString();
        }

        return end + 1;
    }

    private void EndString()
    {
        _inString = false;
        if (_isContent)
        {
            _ascii += _stringAscii;
            _other += _stringOther;
        }
    }

    // Each half of a surrogate pair is two of its four bytes. What is no digit counts as one.
    private void TakeDigit(byte digit)
    {
        _code = (_code << 4) | (digit <= '9' ? digit & 0xF : (digit & 0xF) + 9);
        if (--_codeDigits == 0)
        {
            _stringAscii += _code < 0x80 ? 1 : 0;
            _stringOther += _code < 0x80 ? 0 : _code < 0x800 || char.IsSurrogate((char)_code) ? 2 : 3;
        }
    }

    private void AppendName(ReadOnlySpan<byte> text)
    {
        if (_nameLength + text.Length > MaxNameBytes)
        {
            _nameLength = MaxNameBytes + 1;
            return;
        }

        text.CopyTo(_name.AsSpan(_nameLength));
        _nameLength += text.Length;
    }

    // OpenAI: content, refusal, arguments, delta; those compatible with it: reasoning, reasoning_content; Anthropic: text, thinking, partial_json; Gemini: text.
    private static bool IsContent(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("content"u8) || name.SequenceEqual("text"u8) || name.SequenceEqual("delta"u8) || name.SequenceEqual("arguments"u8)
        || name.SequenceEqual("partial_json"u8) || name.SequenceEqual("thinking"u8) || name.SequenceEqual("reasoning_content"u8)
        || name.SequenceEqual("reasoning"u8) || name.SequenceEqual("refusal"u8);
}
