using System.Buffers;
using System.Text;
using EdgeGuard.Edge.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http;
using Verb = Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http.HttpMethod;
using Version = Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http.HttpVersion;

namespace EdgeGuard.Edge.Lane;

/// <summary>
/// One request of a connection, read from the connection's own buffer with the server's parser. Only what is beyond doubt is taken: whatever the server
/// might refuse, or understand in a way of its own, is <see cref="LaneReading.Unusual"/> and left for it. Reused from request to request.
/// </summary>
/// <param name="forwards">Whether it is to be forwarded: its body may come later, and in chunks, and its headers must stay as they are on the way.</param>
internal sealed class LaneRequest(bool forwards = false)
{
    /// <summary>Longest head; the server takes 8 KiB of request line and 32 KiB of headers.</summary>
    public const int MaxHeadBytes = 16 * 1024;

    /// <summary>Longest body that is skipped.</summary>
    public const int MaxBodyBytes = 8 * 1024;

    /// <summary>Longest target that is forwarded; the server has its own answer to longer ones.</summary>
    private const int MaxTargetBytes = 8000;

    /// <summary>Most header lines; the server takes 100.</summary>
    private const int MaxFields = 64;

    /// <summary>Longest host with its port: 253 for a name, a closing dot, a colon and five digits.</summary>
    private const int MaxHostBytes = 260;

    private static readonly HttpParser<LaneFiller> Parser = new();
    private static readonly SearchValues<byte> TokenBytes = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> PlainNameBytes = SearchValues.Create("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

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
    private ulong _dropped;
    private ulong _names64;
    private string? _sought;
    private int _soughtFirst;
    private int _soughtCount;

    /// <summary>Method as received.</summary>
    public ReadOnlySpan<char> Method => TextOf(_method);

    /// <summary>Target as received; begins with a slash.</summary>
    public ReadOnlySpan<char> Target => TextOf(_target);

    /// <summary>Host as received.</summary>
    public ReadOnlySpan<char> Host => TextOf(_host);

    /// <summary>Length of the body; 0 when it comes in chunks.</summary>
    public long BodyLength { get; private set; }

    /// <summary>Whether the body comes in chunks.</summary>
    public bool IsChunked { get; private set; }

    /// <summary>Whether a length was told.</summary>
    public bool HasLength => _lengths > 0;

    /// <summary>Whether the method is one that may be sent again (RFC 9110 section 9.2.2).</summary>
    public bool IsIdempotent { get; private set; }

    /// <summary>Whether the method is sent with a length even when there is no body.</summary>
    public bool TellsNoBody { get; private set; }

    /// <summary>Bytes of the head.</summary>
    public int HeadLength { get; private set; }

    /// <summary>How many header lines there are.</summary>
    public int Count => _fields;

    /// <summary>Whether the client wants the connection to end with the answer.</summary>
    public bool WantsClose { get; private set; }

    /// <summary>Whether only a head is wanted as the answer.</summary>
    public bool IsHead { get; private set; }

    /// <summary>Reads the request that a buffer begins with.</summary>
    /// <param name="buffer">What has arrived, not empty.</param>
    /// <param name="length">Bytes of the whole request, with its body unless it is to be forwarded.</param>
    public LaneReading Read(in ReadOnlySequence<byte> buffer, out int length)
    {
        length = 0;
        var bytes = Contiguous(buffer);
        var end = bytes.IndexOf("\r\n\r\n"u8);
        var isWhole = end >= 0;
        if (!char.IsAsciiLetterUpper((char)bytes[0]) || LineEnds.HasBareLineFeed(isWhole ? bytes[..(end + 4)] : bytes))
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
        HeadLength = end;
        Parse(buffer.IsSingleSegment || end <= buffer.FirstSpan.Length ? buffer.Slice(0, end) : new ReadOnlySequence<byte>(_joined, 0, end));
        if (_unusual || _hosts != 1 || (IsChunked && _lengths > 0) || (!forwards && BodyLength > MaxBodyBytes))
        {
            return LaneReading.Unusual;
        }

        if (!forwards && buffer.Length - end < BodyLength)
        {
            return LaneReading.Incomplete;
        }

        length = forwards ? end : end + (int)BodyLength;
        return LaneReading.Whole;
    }

    /// <summary>Name of a header line.</summary>
    public ReadOnlySpan<char> NameAt(int index) => TextOf(_names[index]);

    /// <summary>Value of a header line.</summary>
    public ReadOnlySpan<char> ValueAt(int index) => TextOf(_values[index]);

    /// <summary>Whether a header line has been taken out.</summary>
    public bool IsDropped(int index) => (_dropped & (1UL << index)) != 0;

    /// <summary>Takes a header line out: it is not looked at any more.</summary>
    public void Drop(int index)
    {
        _dropped |= 1UL << index;
        _sought = null;
    }

    /// <summary>How many lines a header has.</summary>
    public int CountOf(string name)
    {
        Seek(name);
        return _soughtCount;
    }

    /// <summary>One of a header's lines, counted from 0; empty for one that is not there.</summary>
    public ReadOnlySpan<char> LineOf(string name, int index)
    {
        Seek(name);
        for (var i = _soughtFirst; i < _fields && index < _soughtCount; i++)
        {
            if ((i == _soughtFirst || IsNamed(i, name)) && index-- == 0)
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
            || target.IndexOfAnyExceptInRange((byte)'!', (byte)'~') >= 0 || target.Contains((byte)'#')
            || (forwards && (target.Length > MaxTargetBytes || target.IndexOf("%00"u8) >= 0)))
        {
            _unusual = true;
            return;
        }

        IsHead = line.Method == Verb.Head;
        IsIdempotent = line.Method is Verb.Get or Verb.Head or Verb.Put or Verb.Delete or Verb.Options;
        TellsNoBody = line.Method is not (Verb.Get or Verb.Head or Verb.Delete or Verb.Options);
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
        _unusual |= forwards && IsAmbiguous(name);
        Note(name, value, _values[_fields]);
        _fields++;
    }

    private static bool IsPlainHost(ReadOnlySpan<byte> host)
    {
        var colon = host.IndexOf((byte)':');
        var name = colon < 0 ? host : host[..colon];
        var port = colon < 0 ? default : host[(colon + 1)..];
        return host.Length <= MaxHostBytes && !name.IsEmpty && name.IndexOfAnyExcept(HostBytes) < 0
            && (colon < 0 || (port.Length is > 0 and <= 5 && port.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0));
    }

    private static bool TryReadLength(ReadOnlySpan<byte> value, out long length)
    {
        length = 0;
        return LengthText.IsPlain(value) && long.TryParse(value, out length);
    }

    // What upstreams may read in two ways: a name with an underscore or another such character, and one that is there twice. The number is a first look only, so that two names
    // are seldom compared: two that have it in common need not be the same.
    private bool IsAmbiguous(ReadOnlySpan<byte> name)
    {
        if (name.IndexOfAnyExcept(PlainNameBytes) >= 0)
        {
            return true;
        }

        var bit = 1UL << (((name.Length * 5) + (name[0] | 0x20) + ((name[^1] | 0x20) * 3)) & 63);
        var isNew = (_names64 & bit) == 0;
        _names64 |= bit;
        return !isNew && HasName(name);
    }

    private bool HasName(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < _fields; i++)
        {
            if (_names[i].Length == name.Length && Ascii.EqualsIgnoreCase(name, TextOf(_names[i])))
            {
                return true;
            }
        }

        return false;
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
                _unusual = true;
                break;
            case 17 when Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8):
                _unusual |= !forwards || IsChunked || !Ascii.EqualsIgnoreCase(value, "chunked"u8);
                IsChunked = true;
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
        (IsChunked, IsIdempotent, TellsNoBody, _dropped, _names64) = (false, false, false, 0, 0);
        _sought = null;
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

    // Whoever asks how many lines a header has wants one of them next: so all names are compared once and not twice.
    private void Seek(string name)
    {
        if (ReferenceEquals(_sought, name))
        {
            return;
        }

        (_sought, _soughtFirst, _soughtCount) = (name, 0, 0);
        for (var i = 0; i < _fields; i++)
        {
            if (IsNamed(i, name) && _soughtCount++ == 0)
            {
                _soughtFirst = i;
            }
        }
    }

    private bool IsNamed(int field, string name) =>
        _names[field].Length == name.Length && !IsDropped(field) && TextOf(_names[field]).Equals(name, StringComparison.OrdinalIgnoreCase);

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
