using System.Buffers.Text;
using System.Text;

namespace EdgeGuard.Bench.Load.Responses;

/// <summary>
/// Reads the answers of one connection (RFC 9112), also in pieces, and checks each against what is expected. Bodies are counted, not
/// kept. Interim answers (1xx) are passed over. An answer whose end is the end of the connection is not understood: it could not be
/// told from one that broke off.
/// </summary>
internal sealed class ResponseReader(ResponseExpectation expectation, bool answersHead)
{
    /// <summary>Longest head, and longest line of a chunked body; a connection's buffer holds as much.</summary>
    public const int MaxHeadBytes = 32_768;

    private Part _part = Part.Head;
    private long _left;
    private bool _chunked;
    private uint _seen;

    private enum Part
    {
        Head,
        Body,
        ChunkSize,
        Chunk,
        ChunkEnd,
        Trailers,
    }

    public int Status { get; private set; }

    /// <summary>Status and headers of the last whole answer were right.</summary>
    public bool IsRight => expectation.IsRight(Status) && _seen == expectation.AllHeaders;

    /// <summary>The server closes the connection after the last whole answer.</summary>
    public bool Closes { get; private set; }

    /// <summary>Begins anew, for a new connection.</summary>
    public void Reset() => _part = Part.Head;

    /// <summary>Reads on.</summary>
    /// <param name="data">What has arrived and was not consumed yet.</param>
    /// <param name="consumed">How much of it is done with; the rest comes again, with more behind it.</param>
    public ReadOutcome Read(ReadOnlySpan<byte> data, out int consumed)
    {
        consumed = 0;
        while (true)
        {
            ReadOutcome outcome = ReadPart(data[consumed..], out int taken, out bool moved);
            consumed += taken;
            if (outcome != ReadOutcome.NeedsMore || !moved)
            {
                return outcome;
            }
        }
    }

    private ReadOutcome ReadPart(ReadOnlySpan<byte> data, out int taken, out bool moved)
    {
        taken = 0;
        moved = false;
        if (_part is Part.Body or Part.Chunk)
        {
            taken = (int)Math.Min(_left, data.Length);
            _left -= taken;
            if (_left > 0)
            {
                return ReadOutcome.NeedsMore;
            }

            moved = true;
            return _part == Part.Body ? Complete() : Next(Part.ChunkEnd);
        }

        ReadOnlySpan<byte> mark = _part == Part.Head ? "\r\n\r\n"u8 : "\r\n"u8;
        int end = data.IndexOf(mark);
        if (end < 0)
        {
            return data.Length >= MaxHeadBytes ? ReadOutcome.Malformed : ReadOutcome.NeedsMore;
        }

        taken = end + mark.Length;
        moved = true;
        ReadOnlySpan<byte> text = data[..end];
        return _part switch
        {
            Part.Head => ReadHead(text),
            Part.ChunkSize => ReadChunkSize(text),
            Part.ChunkEnd => text.IsEmpty ? Next(Part.ChunkSize) : ReadOutcome.Malformed,
            _ => text.IsEmpty ? Complete() : ReadOutcome.NeedsMore,
        };
    }

    private ReadOutcome Next(Part part)
    {
        _part = part;
        return ReadOutcome.NeedsMore;
    }

    private ReadOutcome Complete()
    {
        _part = Part.Head;
        return ReadOutcome.Complete;
    }

    private ReadOutcome ReadHead(ReadOnlySpan<byte> head)
    {
        if (head.Length < 12 || !head.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(head[9..12], out int status, out int digits)
            || digits != 3 || status < 100)
        {
            return ReadOutcome.Malformed;
        }

        Status = status;
        Closes = false;
        _chunked = false;
        _left = -1;
        _seen = 0;
        int line = head.IndexOf("\r\n"u8);
        ReadOnlySpan<byte> rest = line < 0 ? [] : head[(line + 2)..];
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf("\r\n"u8);
            ReadOnlySpan<byte> header = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 2)..];
            int colon = header.IndexOf((byte)':');
            if (colon <= 0 || !ReadHeader(header[..colon], header[(colon + 1)..].Trim(" \t"u8)))
            {
                return ReadOutcome.Malformed;
            }
        }

        return AfterHead();
    }

    private ReadOutcome AfterHead()
    {
        if (Status < 200)
        {
            return Next(Part.Head);
        }

        if (answersHead || Status is 204 or 304)
        {
            return Complete();
        }

        if (_chunked)
        {
            return _left >= 0 ? ReadOutcome.Malformed : Next(Part.ChunkSize);
        }

        return _left < 0 ? ReadOutcome.Malformed : _left == 0 ? Complete() : Next(Part.Body);
    }

    private bool ReadHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _seen |= expectation.Match(name, value);
        switch (name.Length)
        {
            case 14 when Ascii.EqualsIgnoreCase(name, "content-length"u8):
                return _left < 0 && Utf8Parser.TryParse(value, out _left, out int digits) && digits == value.Length && _left >= 0;
            case 17 when Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8):
                _chunked = Ascii.EqualsIgnoreCase(value, "chunked"u8);
                return _chunked;
            case 10 when Ascii.EqualsIgnoreCase(name, "connection"u8):
                Closes = Ascii.EqualsIgnoreCase(value, "close"u8);
                return true;
            default:
                return true;
        }
    }

    private ReadOutcome ReadChunkSize(ReadOnlySpan<byte> line)
    {
        int extension = line.IndexOf((byte)';');
        ReadOnlySpan<byte> digits = (extension < 0 ? line : line[..extension]).TrimEnd(" \t"u8);
        if (!Utf8Parser.TryParse(digits, out long size, out int used, 'x') || used != digits.Length || size < 0)
        {
            return ReadOutcome.Malformed;
        }

        _left = size;
        return Next(size == 0 ? Part.Trailers : Part.Chunk);
    }
}
