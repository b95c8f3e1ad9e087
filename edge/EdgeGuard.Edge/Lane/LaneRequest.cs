using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http;
using Version = Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http.HttpVersion;
using Verb = Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http.HttpMethod;

namespace EdgeGuard.Edge.Lane;

/// <summary>
/// One request of a connection, read from the connection's own buffer with the server's parser. Only what is beyond doubt is taken: whatever the server
/// might refuse, or understand in a way of its own, is <see cref="LaneReading.Unusual"/> and left for it. Reused from request to request.
/// </summary>
internal sealed class LaneRequest
{
    /// <summary>Longest head; the server takes 8 KiB of request line and 32 KiB of headers.</summary>
    public const int MaxHeadBytes = 16 * 1024;

    /// <summary>Longest body that is skipped.</summary>
    public const int MaxBodyBytes = 8 * 1024;

    /// <summary>Most header lines; the server takes 100.</summary>
    private const int MaxFields = 64;

    /// <summary>Longest host with its port: 253 for a name, a closing dot, a colon and five digits.</summary>
    private const int MaxHostBytes = 260;

    private static readonly HttpParser<LaneFiller> Parser = new();
    private static readonly SearchValues<byte> TokenBytes = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> HostBytes = SearchValues.Create("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private readonly LanePiece[] _names = new LanePiece[MaxFields];
    private readonly LanePiece[] _values = new LanePiece[MaxFields];
    private char[] _text = new char[1024];
    private byte[] _joined = [];
    private int _used;
    private int _fields;
    private int _hosts;
    private int _lengths;
    private int _connections;
    private bool _unusual;
    private LanePiece _method;
    private LanePiece _target;
    private LanePiece _host;

    /// <summary>Method as received.</summary>
    public ReadOnlySpan<char> Method => TextOf(_method);

    /// <summary>Target as received; begins with a slash.</summary>
    public ReadOnlySpan<char> Target => TextOf(_target);

    /// <summary>Host as received.</summary>
    public ReadOnlySpan<char> Host => TextOf(_host);

    /// <summary>Length of the body.</summary>
    public int BodyLength { get; private set; }

    /// <summary>Whether the client wants the connection to end with the answer.</summary>
    public bool WantsClose { get; private set; }

    /// <summary>Whether only a head is wanted as the answer.</summary>
    public bool IsHead { get; private set; }

    /// <summary>Reads the request that a buffer begins with.</summary>
    /// <param name="buffer">What has arrived, not empty.</param>
    /// <param name="length">Bytes of the whole request, with its body.</param>
    public LaneReading Read(in ReadOnlySequence<byte> buffer, out int length)
    {
        length = 0;
        var bytes = Contiguous(buffer);
        var end = bytes.IndexOf("\r\n\r\n"u8);
        var isWhole = end >= 0;
        if (!char.IsAsciiLetterUpper((char)bytes[0]) || HasBareLineFeed(isWhole ? bytes[..(end + 4)] : bytes))
        {
            return LaneReading.Unusual;
        }

        if (!isWhole)
        {
            return buffer.Length >= MaxHeadBytes ? LaneReading.Unusual : LaneReading.Incomplete;
        }

        end += 4;
        if (end > MaxHeadBytes)
        {
            return LaneReading.Unusual;
        }

        Begin(end);
        Parse(buffer.IsSingleSegment || end <= buffer.FirstSpan.Length ? buffer.Slice(0, end) : new ReadOnlySequence<byte>(_joined, 0, end));
        if (_unusual || _hosts != 1 || BodyLength > MaxBodyBytes)
        {
            return LaneReading.Unusual;
        }

        if (buffer.Length - end < BodyLength)
        {
            return LaneReading.Incomplete;
        }

        length = end + BodyLength;
        return LaneReading.Whole;
    }

    /// <summary>How many lines a header has.</summary>
    public int CountOf(string name)
    {
        var count = 0;
        for (var i = 0; i < _fields; i++)
        {
            if (IsNamed(i, name))
            {
                count++;
            }
        }

        return count;
    }

    /// <summary>One of a header's lines, counted from 0; empty for one that is not there.</summary>
    public ReadOnlySpan<char> LineOf(string name, int index)
    {
        for (var i = 0; i < _fields; i++)
        {
            if (IsNamed(i, name) && index-- == 0)
            {
                return TextOf(_values[i]);
            }
        }

        return default;
    }

    /// <summary>Takes the request line.</summary>
    public void SetLine(HttpVersionAndMethod line, int targetStart, ReadOnlySpan<byte> bytes)
    {
        var target = bytes[targetStart..];
        if (line.Version != Version.Http11 || line.Method is Verb.Custom or Verb.Connect or Verb.None || target.IsEmpty || target[0] != '/'
            || target.IndexOfAnyExceptInRange((byte)'!', (byte)'~') >= 0 || target.Contains((byte)'#'))
        {
            _unusual = true;
            return;
        }

        IsHead = line.Method == Verb.Head;
        _method = Append(bytes[..line.MethodEnd]);
        _target = Append(target);
    }

    /// <summary>Takes one header line.</summary>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (_fields == MaxFields || name.IndexOfAnyExcept(TokenBytes) >= 0 || value.IndexOfAnyExceptInRange((byte)' ', (byte)'~') >= 0)
        {
            _unusual = true;
            return;
        }

        _names[_fields] = Append(name);
        _values[_fields] = Append(value);
        Note(name, value, _values[_fields]);
        _fields++;
    }

    private static bool HasBareLineFeed(ReadOnlySpan<byte> bytes)
    {
        int at;
        for (var rest = bytes; (at = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(at + 1)..])
        {
            if (at == 0 || rest[at - 1] != '\r')
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPlainHost(ReadOnlySpan<byte> host)
    {
        var colon = host.IndexOf((byte)':');
        var name = colon < 0 ? host : host[..colon];
        var port = colon < 0 ? default : host[(colon + 1)..];
        return host.Length <= MaxHostBytes && !name.IsEmpty && name.IndexOfAnyExcept(HostBytes) < 0
            && (colon < 0 || (port.Length is > 0 and <= 5 && port.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0));
    }

    // Zero, or digits that do not begin with one: the server tells a length as a number, and "007" would read otherwise there.
    private static bool TryReadLength(ReadOnlySpan<byte> value, out int length)
    {
        length = 0;
        return value.Length is > 0 and <= 9 && (value[0] != '0' || value.Length == 1) && value.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            && int.TryParse(value, out length);
    }

    // Headers that say how a request is framed, or what is to become of the connection.
    private void Note(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, LanePiece text)
    {
        switch (name.Length)
        {
            case 4 when Ascii.EqualsIgnoreCase(name, "host"u8):
                _host = text;
                _unusual |= ++_hosts > 1 || !IsPlainHost(value);
                break;
            case 6 when Ascii.EqualsIgnoreCase(name, "expect"u8):
            case 7 when Ascii.EqualsIgnoreCase(name, "upgrade"u8):
            case 17 when Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8):
                _unusual = true;
                break;
            case 10 when Ascii.EqualsIgnoreCase(name, "connection"u8):
                WantsClose = value.SequenceEqual("close"u8);
                _unusual |= ++_connections > 1 || !(WantsClose || value.SequenceEqual("keep-alive"u8));
                break;
            case 14 when Ascii.EqualsIgnoreCase(name, "content-length"u8):
                _unusual |= ++_lengths > 1 || !TryReadLength(value, out var length) || (BodyLength = length) < 0;
                break;
        }
    }

    // A head lies in one block unless it is long or one of many that came together.
    private ReadOnlySpan<byte> Contiguous(in ReadOnlySequence<byte> buffer)
    {
        var first = buffer.FirstSpan;
        if (buffer.IsSingleSegment || first.IndexOf("\r\n\r\n"u8) >= 0)
        {
            return first;
        }

        var length = (int)Math.Min(buffer.Length, MaxHeadBytes);
        if (_joined.Length < length)
        {
            _joined = new byte[MaxHeadBytes];
        }

        buffer.Slice(0, length).CopyTo(_joined);
        return _joined.AsSpan(0, length);
    }

    private void Begin(int length)
    {
        if (_text.Length < length)
        {
            _text = new char[Math.Max(length, _text.Length * 4)];
        }

        (_used, _fields, _hosts, _lengths, _connections) = (0, 0, 0, 0, 0);
        (_unusual, WantsClose, IsHead, BodyLength) = (false, false, false, 0);
    }

    private void Parse(in ReadOnlySequence<byte> head)
    {
        try
        {
            var reader = new SequenceReader<byte>(head);
            var filler = new LaneFiller(this);
            if (!Parser.ParseRequestLine(filler, ref reader) || !Parser.ParseHeaders(filler, ref reader) || !reader.End)
            {
                _unusual = true;
            }
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException)
        {
            // The server finds the same, and refuses.
            _unusual = true;
        }
    }

    private bool IsNamed(int field, string name) =>
        _names[field].Length == name.Length && TextOf(_names[field]).Equals(name, StringComparison.OrdinalIgnoreCase);

    private ReadOnlySpan<char> TextOf(LanePiece piece) => _text.AsSpan(piece.Start, piece.Length);

    private LanePiece Append(ReadOnlySpan<byte> ascii)
    {
        _ = Ascii.ToUtf16(ascii, _text.AsSpan(_used), out var length);
        _unusual |= length != ascii.Length;
        var piece = new LanePiece(_used, length);
        _used += length;
        return piece;
    }
}
