using System.Text;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>
/// Head of an upstream's response (RFC 9112), read strictly: lines end with CRLF and nothing else, no line continues another, and what tells the end of the body says
/// one thing only. Reused from response to response; valid as long as the bytes that it was read from.
/// </summary>
internal sealed class ResponseHead
{
    /// <summary>Longest head, as on the YARP path.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Most header lines.</summary>
    public const int MaxFields = 256;

    private const int StatusLineBytes = 12;

    private ResponseField[] _fields = new ResponseField[24];
    private int _lengths;
    private int _codings;
    private bool _malformed;
    private bool _isOld;

    /// <summary>Status, 100 to 999.</summary>
    public int Status { get; private set; }

    /// <summary>Where the reason phrase begins.</summary>
    public int ReasonStart { get; private set; }

    /// <summary>Length of the reason phrase.</summary>
    public int ReasonLength { get; private set; }

    /// <summary>How many header lines there are.</summary>
    public int Count { get; private set; }

    /// <summary>How the body ends.</summary>
    public BodyFraming Framing { get; private set; }

    /// <summary>Length of the body as told; -1 for none. Of a response without a body (to HEAD, or 304) the length that it would have.</summary>
    public long ContentLength { get; private set; }

    /// <summary>Whether the connection ends with this response.</summary>
    public bool Closes { get; private set; }

    /// <summary>Whether this is not the final response.</summary>
    public bool IsInterim => Status < 200;

    /// <summary>Whether its <c>Connection</c> header names further headers that are for this connection only.</summary>
    public bool NamesOthers { get; private set; }

    /// <summary>One header line.</summary>
    public ref readonly ResponseField this[int index] => ref _fields[index];

    /// <summary>Reads the head that some bytes begin with.</summary>
    /// <param name="bytes">What has arrived.</param>
    /// <param name="toHead">Whether the request was HEAD.</param>
    /// <param name="length">Length of the head.</param>
    public HeadReading Read(ReadOnlySpan<byte> bytes, bool toHead, out int length)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        length = end + 4;
        if (end < 0 || length > MaxBytes)
        {
            return bytes.Length >= MaxBytes || !MayBeHead(bytes) ? HeadReading.Malformed : HeadReading.Incomplete;
        }

        Begin();
        var head = bytes[..(end + 2)];
        var line = head.IndexOf("\r\n"u8);
        if (!TryReadStatusLine(head[..line]))
        {
            return HeadReading.Malformed;
        }

        for (var start = line + 2; start < head.Length; start += line + 2)
        {
            line = head[start..].IndexOf("\r\n"u8);
            if (!FieldLine.TryRead(head, start, line, out var field) || !TryAdd(head, field))
            {
                return HeadReading.Malformed;
            }
        }

        return TryFrame(toHead) ? HeadReading.Whole : HeadReading.Malformed;
    }

    /// <summary>Whether the <c>Connection</c> header names a header.</summary>
    public bool IsNamedByConnection(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < Count; i++)
        {
            if (Ascii.EqualsIgnoreCase(_fields[i].NameIn(head), "connection"u8) && HasToken(_fields[i].ValueIn(head), name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Value of a header; false when it is not there.</summary>
    public bool TryFind(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        for (var i = 0; i < Count; i++)
        {
            if (Ascii.EqualsIgnoreCase(_fields[i].NameIn(head), name))
            {
                value = _fields[i].ValueIn(head);
                return true;
            }
        }

        value = default;
        return false;
    }

    // What is no head at all, or one with other line ends, would otherwise be waited for until the time is over.
    private static bool MayBeHead(ReadOnlySpan<byte> bytes)
    {
        var begin = "HTTP/1."u8;
        var feed = bytes.IndexOf((byte)'\n');
        return (bytes.Length < begin.Length ? begin.StartsWith(bytes) : bytes.StartsWith(begin)) && (feed < 0 || (feed > 0 && bytes[feed - 1] == '\r'));
    }

    private static bool HasToken(ReadOnlySpan<byte> list, ReadOnlySpan<byte> token)
    {
        foreach (var range in list.Split((byte)','))
        {
            if (Ascii.EqualsIgnoreCase(list[range].Trim(" \t"u8), token))
            {
                return true;
            }
        }

        return false;
    }

    private void Begin()
    {
        (Count, _lengths, _codings) = (0, 0, 0);
        (_malformed, Closes, NamesOthers, ContentLength) = (false, false, false, -1);
    }

    private bool TryReadStatusLine(ReadOnlySpan<byte> line)
    {
        if (line.Length < StatusLineBytes || !(line.StartsWith("HTTP/1.1 "u8) || line.StartsWith("HTTP/1.0 "u8)) || (line.Length > StatusLineBytes && line[StatusLineBytes] != ' ')
            || line[9..StatusLineBytes].ContainsAnyExceptInRange((byte)'0', (byte)'9') || line[9] == '0' || !FieldLine.IsValue(line))
        {
            return false;
        }

        Status = ((line[9] - '0') * 100) + ((line[10] - '0') * 10) + line[11] - '0';
        ReasonStart = Math.Min(StatusLineBytes + 1, line.Length);
        ReasonLength = line.Length - ReasonStart;

        // A connection of HTTP/1.0 could be kept, but hardly any upstream offers that.
        _isOld = line[7] == '0';
        Closes = _isOld;
        return true;
    }

    private bool TryAdd(ReadOnlySpan<byte> head, ResponseField field)
    {
        if (Count == MaxFields)
        {
            return false;
        }

        if (Count == _fields.Length)
        {
            Array.Resize(ref _fields, Math.Min(MaxFields, Count * 4));
        }

        _fields[Count++] = field;
        switch (field.NameLength)
        {
            case 10 when Ascii.EqualsIgnoreCase(field.NameIn(head), "connection"u8):
                var value = field.ValueIn(head);
                Closes |= HasToken(value, "close"u8);
                NamesOthers |= !Ascii.EqualsIgnoreCase(value, "close"u8) && !Ascii.EqualsIgnoreCase(value, "keep-alive"u8);
                break;
            case 14 when Ascii.EqualsIgnoreCase(field.NameIn(head), "content-length"u8):
                _malformed |= ++_lengths > 1 || !TryReadLength(field.ValueIn(head));
                break;
            case 17 when Ascii.EqualsIgnoreCase(field.NameIn(head), "transfer-encoding"u8):
                _malformed |= ++_codings > 1 || !Ascii.EqualsIgnoreCase(field.ValueIn(head), "chunked"u8);
                break;
        }

        return !_malformed;
    }

    // 18 digits are less than the largest 64-bit number.
    private bool TryReadLength(ReadOnlySpan<byte> value)
    {
        if (value.Length is 0 or > 18 || value.ContainsAnyExceptInRange((byte)'0', (byte)'9') || !long.TryParse(value, out var length))
        {
            return false;
        }

        ContentLength = length;
        return true;
    }

    // RFC 9112 section 6.3. Chunks win over a length, which is not passed on then, and such a connection is not trusted with another request.
    private bool TryFrame(bool toHead)
    {
        if (toHead || Status is < 200 or 204 or 304)
        {
            Framing = BodyFraming.None;
            return true;
        }

        if (_codings > 0)
        {
            Closes |= _lengths > 0;
            ContentLength = -1;
            Framing = BodyFraming.Chunked;

            // HTTP/1.0 knows no chunks: who says so is not to be believed (section 6.1).
            return !_isOld;
        }

        Framing = ContentLength switch
        {
            0 => BodyFraming.None,
            > 0 => BodyFraming.Length,
            _ => BodyFraming.UntilClose,
        };
        Closes |= Framing == BodyFraming.UntilClose;
        return true;
    }
}
