namespace EdgeGuard.Edge.Forwarding;

/// <summary>
/// Takes the data out of a chunked body (RFC 9112 section 7.1), however its bytes are cut. Every line ends with CRLF: a line feed alone, in a chunk extension too, ends
/// nothing and is refused, because the next reader may see the end of the line there (CVE-2025-55315). Extensions and trailers are skipped; they are never passed on.
/// </summary>
/// <param name="blanks">Whether blanks may follow a chunk's size, as some upstreams write.</param>
internal struct ChunkReader(bool blanks)
{
    /// <summary>Most bytes of one size line, with its extensions.</summary>
    public const int MaxLineBytes = 4 * 1024;

    /// <summary>Most bytes of all trailers.</summary>
    public const int MaxTrailerBytes = 8 * 1024;

    // 15 digits of 4 bits are a positive number of 64.
    private const int MaxDigits = 15;

    private readonly bool _blanks = blanks;
    private Part _part;
    private long _left;
    private int _digits;
    private int _line;
    private int _trailers;

    private enum Part : byte
    {
        Size,
        Blanks,
        Extension,
        SizeFeed,
        Data,
        DataReturn,
        DataFeed,
        TrailerStart,
        Trailer,
        TrailerFeed,
        LastFeed,
        Over,
    }

    /// <summary>Reads on.</summary>
    /// <param name="bytes">What has arrived; afterwards what was not read yet.</param>
    /// <param name="data">Data, when there is some.</param>
    public ChunkReading Read(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> data)
    {
        data = default;
        while (!bytes.IsEmpty && _part != Part.Over)
        {
            if (_part == Part.Data)
            {
                var count = (int)Math.Min(_left, bytes.Length);
                data = bytes[..count];
                bytes = bytes[count..];
                _left -= count;
                _part = _left == 0 ? Part.DataReturn : Part.Data;
                return ChunkReading.Data;
            }

            var next = bytes[0];
            bytes = bytes[1..];
            if ((_part >= Part.TrailerStart && ++_trailers > MaxTrailerBytes) || !TryTake(next))
            {
                return ChunkReading.Malformed;
            }
        }

        return _part == Part.Over ? ChunkReading.End : ChunkReading.Incomplete;
    }

    private bool TryTake(byte next)
    {
        switch (_part)
        {
            case Part.Size:
            case Part.Blanks:
            case Part.Extension:
                return ++_line <= MaxLineBytes && TryTakeSizeLine(next);
            case Part.SizeFeed:
                _part = _left > 0 ? Part.Data : Part.TrailerStart;
                (_line, _digits) = (0, 0);
                return next == '\n';
            case Part.DataReturn:
                _part = Part.DataFeed;
                return next == '\r';
            case Part.DataFeed:
                _part = Part.Size;
                return next == '\n';
            case Part.TrailerStart:
                _part = next == '\r' ? Part.LastFeed : Part.Trailer;
                return next is not ((byte)'\n' or (byte)' ' or (byte)'\t');
            case Part.Trailer:
                _part = next == '\r' ? Part.TrailerFeed : Part.Trailer;
                return next != '\n';
            case Part.TrailerFeed:
                _part = Part.TrailerStart;
                return next == '\n';
            default:
                _part = Part.Over;
                return next == '\n';
        }
    }

    private bool TryTakeSizeLine(byte next)
    {
        if (_part == Part.Size && char.IsAsciiHexDigit((char)next))
        {
            _left = (_left << 4) | (uint)ValueOf(next);
            return ++_digits <= MaxDigits;
        }

        if (_digits == 0)
        {
            return false;
        }

        switch (next)
        {
            case (byte)'\r':
                _part = Part.SizeFeed;
                return true;
            case (byte)';':
                _part = Part.Extension;
                return true;
            case (byte)' ' or (byte)'\t' when _part == Part.Extension:
                return true;
            case (byte)' ' or (byte)'\t' when _blanks:
                _part = Part.Blanks;
                return true;
            default:
                return _part == Part.Extension && next is > 0x20 and not 0x7F;
        }
    }

    private static int ValueOf(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
