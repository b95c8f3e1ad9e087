using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Edge.Tests.Tls;
using EdgeGuard.Testing;
using static EdgeGuard.Edge.Tests.Http2.Http2Wire;

namespace EdgeGuard.Edge.Tests.Http2;

/// <summary>
/// What RFC 9113 demands of a server, with raw frames, on the listeners of the edge: with TLS and without. Each check names its section; where the text leaves a
/// choice, every answer that it allows is taken. Whatever is wrong with one connection, the next is answered.
/// </summary>
public sealed class Http2ConformanceTests : IAsyncLifetime
{
    private const string Protocol = "GOAWAY PROTOCOL_ERROR";
    private const string FrameSize = "GOAWAY FRAME_SIZE_ERROR";
    private const string FlowControl = "GOAWAY FLOW_CONTROL_ERROR";
    private const string StreamError = "RST_STREAM 1 PROTOCOL_ERROR";
    private const byte End = 0x1;
    private const byte EndHeaders = 0x4;
    private const byte Padded = 0x8;

    private static readonly byte[] Hello = [.. Preface, .. Frame(FrameType.Settings, 0, 0)];

    private readonly TempFolder _folder = new();
    private readonly TestCertificates _certificates = new();
    private EdgeUnderTest? _edge;
    private string _scheme = string.Empty;

    public static TheoryData<string> Listeners => ["proxy-tls", "decision-http2"];

    public async ValueTask InitializeAsync() => _edge = await TlsPeer.StartAsync(
        _folder, _certificates, options => options with { Listen = options.Listen with { DecisionHttp2 = "127.0.0.1:0" } });

    public async ValueTask DisposeAsync()
    {
        await _edge!.DisposeAsync();
        _certificates.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(Listeners))]
    public async Task Connection_Rfc9113_EachCheckAnswersAsItShall(string door)
    {
        var address = door == "proxy-tls" ? _edge!.Address(DoorTag.ProxyTls) : _edge!.Address(DoorTag.DecisionHttp2);
        var wrong = new List<string>();
        _scheme = address.Scheme;
        foreach (var (section, what, frames, allowed) in door == "proxy-tls" ? [.. Checks(), .. OpenStreams()] : Checks())
        {
            await using var wire = await ConnectAsync(address);
            await wire.SendAsync(frames);
            var outcome = await wire.OutcomeAsync(pastAnswers: !allowed.Contains("HEADERS", StringComparison.Ordinal));
            if (!allowed.Split('|').Contains(outcome, StringComparer.Ordinal))
            {
                wrong.Add($"{section} {what}: {outcome} instead of {allowed}");
            }
        }

        Assert.Empty(wrong);
        await using var next = await ConnectAsync(address);
        await next.SendAsync(Hello, Get(1));
        Assert.Equal("HEADERS 1", await next.OutcomeAsync(pastAnswers: false));
    }

    [Fact]
    public async Task Page_ListsExactlyWhatIsChecked()
    {
        var page = await File.ReadAllLinesAsync(RepositoryRoot.Combine("docs", "http2.md"));
        var listed = page.Where(line => line.StartsWith("| ", StringComparison.Ordinal) && char.IsAsciiDigit(line[2])).Select(line => line.Trim('|').Split('|')).ToArray();
        var checks = Checks().Select(check => $"{check.Section} {check.What}").Concat(OpenStreams().Select(check => $"{check.Section} {check.What} (open stream)"));

        Assert.Equal(
            checks.Order(StringComparer.Ordinal),
            listed.Select(cells => $"{cells[0].Trim()} {cells[1].Trim()}{(cells[2].Trim().Length > 0 ? $" ({cells[2].Trim()})" : string.Empty)}").Order(StringComparer.Ordinal));
    }

    private IEnumerable<(string Section, string What, byte[][] Frames, string Allowed)> Checks() => [.. Framing(), .. Streams(), .. Settings(), .. Frames(), .. Messages()];

    private IEnumerable<(string Section, string What, byte[][] Frames, string Allowed)> Framing() =>
    [
        ("3.4", "a preface that is none", ["INVALID CONNECTION PREFACE\r\n\r\n"u8.ToArray()], Protocol + "|closed"),
        ("3.4", "a request after the preface", [Hello, Get(1)], "HEADERS 1"),
        ("4.1", "an unknown type of frame is ignored", [Hello, Frame(FrameType.Unknown, 0xFF, 0, 1, 2, 3), Get(1)], "HEADERS 1"),
        ("4.1", "unknown flags are ignored", [Hello, Frame(FrameType.Headers, 0xD0 | End | EndHeaders, 1, Fields())], "HEADERS 1"),
        ("4.1", "the reserved bit is ignored", [Hello, Frame(FrameType.Ping, 0, int.MinValue, 1, 2, 3, 4, 5, 6, 7, 8)], "PING ack 0102030405060708"),
        ("4.2", "a frame longer than was allowed", [Hello, Frame(FrameType.Headers, End | EndHeaders, 1, new byte[16385])], FrameSize),
        ("4.3", "a header block that cannot be decoded", [Hello, Frame(FrameType.Headers, End | EndHeaders, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF)], "GOAWAY COMPRESSION_ERROR"),
        ("6.2", "a frame within a header block", [Hello, Frame(FrameType.Headers, End, 1, Fields()), Frame(FrameType.Ping, 0, 0, new byte[8])], Protocol),
        ("6.10", "a header block in two frames", [Hello, Frame(FrameType.Headers, End, 1, Fields().AsSpan(0, 5).ToArray()), Frame(FrameType.Continuation, EndHeaders, 1, Fields().AsSpan(5).ToArray())], "HEADERS 1"),
        ("6.10", "a continuation of nothing", [Hello, Frame(FrameType.Continuation, EndHeaders, 1, Fields())], Protocol),
        ("6.10", "a continuation of another stream", [Hello, Frame(FrameType.Headers, End, 1, Fields()), Frame(FrameType.Continuation, EndHeaders, 3, Fields())], Protocol),
    ];

    private IEnumerable<(string Section, string What, byte[][] Frames, string Allowed)> Streams() =>
    [
        ("5.1", "data on an idle stream", [Hello, Frame(FrameType.Data, End, 1, 1)], Protocol + "|GOAWAY STREAM_CLOSED"),
        ("5.1", "a reset of an idle stream", [Hello, Frame(FrameType.Reset, 0, 1, Number(8))], Protocol),
        ("5.1", "a window of an idle stream", [Hello, Frame(FrameType.WindowUpdate, 0, 1, Number(1))], Protocol),
        ("5.1", "data after the end of a stream", [Hello, Get(1), Frame(FrameType.Data, End, 1, 1)], "GOAWAY STREAM_CLOSED|RST_STREAM 1 STREAM_CLOSED"),
        ("5.1", "headers after the end of a stream", [Hello, Get(3), Get(3)], "GOAWAY STREAM_CLOSED|RST_STREAM 3 STREAM_CLOSED"),
        ("5.1.1", "a stream with an even number", [Hello, Get(2)], Protocol),
        ("5.1.1", "a stream with a lower number than the last", [Hello, Get(5), Get(3)], Protocol + "|GOAWAY STREAM_CLOSED"),
        ("5.4.1", "a stream of number zero", [Hello, Get(0)], Protocol),
        ("5.5", "PRIORITY is ignored", [Hello, Frame(FrameType.Priority, 0, 1, 0, 0, 0, 0, 16), Get(1)], "HEADERS 1"),
    ];

    private IEnumerable<(string Section, string What, byte[][] Frames, string Allowed)> Settings() =>
    [
        ("6.5", "settings of a stream", [Hello, Frame(FrameType.Settings, 0, 1)], Protocol),
        ("6.5", "settings of a wrong length", [Hello, Frame(FrameType.Settings, 0, 0, 1, 2, 3)], FrameSize),
        ("6.5", "an acknowledgement with content", [Hello, Frame(FrameType.Settings, 1, 0, Setting(1, 0))], FrameSize),
        ("6.5.2", "ENABLE_PUSH other than 0 or 1", [Hello, Frame(FrameType.Settings, 0, 0, Setting(2, 2))], Protocol),
        ("6.5.2", "a window larger than 2^31-1", [Hello, Frame(FrameType.Settings, 0, 0, Setting(4, 0x80000000))], FlowControl),
        ("6.5.2", "frames smaller than 16384", [Hello, Frame(FrameType.Settings, 0, 0, Setting(5, 16383))], Protocol),
        ("6.5.2", "frames larger than 2^24-1", [Hello, Frame(FrameType.Settings, 0, 0, Setting(5, 1 << 24))], Protocol),
        ("6.5.2", "an unknown setting is ignored", [Hello, Frame(FrameType.Settings, 0, 0, Setting(0xEEEE, 1)), Get(1)], "HEADERS 1"),
    ];

    private IEnumerable<(string Section, string What, byte[][] Frames, string Allowed)> Frames() =>
    [
        ("6.1", "data of stream zero", [Hello, Frame(FrameType.Data, 0, 0, 1)], Protocol),
        ("6.2", "padding longer than the headers", [Hello, Frame(FrameType.Headers, End | EndHeaders | Padded, 1, 200, 0)], Protocol),
        ("6.3", "PRIORITY of stream zero", [Hello, Frame(FrameType.Priority, 0, 0, new byte[5])], Protocol),
        ("6.3", "PRIORITY of a wrong length", [Hello, Frame(FrameType.Priority, 0, 1, new byte[4])], FrameSize + "|RST_STREAM 1 FRAME_SIZE_ERROR"),
        ("6.4", "a reset of stream zero", [Hello, Frame(FrameType.Reset, 0, 0, Number(8))], Protocol),
        ("6.7", "a ping is answered", [Hello, Frame(FrameType.Ping, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8)], "PING ack 0102030405060708"),
        ("6.7", "a ping of a stream", [Hello, Frame(FrameType.Ping, 0, 1, new byte[8])], Protocol),
        ("6.7", "a ping of a wrong length", [Hello, Frame(FrameType.Ping, 0, 0, new byte[7])], FrameSize),
        ("6.8", "GOAWAY of a stream", [Hello, Frame(FrameType.GoAway, 0, 1, new byte[8])], Protocol),
        ("6.9", "a window of nothing, of the connection", [Hello, Frame(FrameType.WindowUpdate, 0, 0, Number(0))], Protocol),
        ("6.9", "a window of a wrong length", [Hello, Frame(FrameType.WindowUpdate, 0, 0, 0, 0, 1)], FrameSize),
        ("6.9.1", "a connection's window beyond 2^31-1", [Hello, Frame(FrameType.WindowUpdate, 0, 0, Number(int.MaxValue))], FlowControl),
    ];

    private IEnumerable<(string Section, string What, byte[][] Frames, string Allowed)> Messages() =>
    [
        ("8.2.1", "a name in capitals", Wrong(Fields("GET", ("X-Name", "a"))), StreamError + "|" + Protocol),
        ("8.2.2", "a header for one connection", Wrong(Fields("GET", ("connection", "keep-alive"))), StreamError + "|" + Protocol),
        ("8.2.2", "TE other than trailers", Wrong(Fields("GET", ("te", "trailers, deflate"))), StreamError + "|" + Protocol),
        ("8.3", "an unknown pseudo-header", Wrong(Fields("GET", (":test", "a"))), StreamError + "|" + Protocol),
        ("8.3", "a pseudo-header of answers", Wrong(Fields("GET", (":status", "200"))), StreamError + "|" + Protocol),
        ("8.3", "a pseudo-header after a header", Wrong([.. Block(("x-name", "a")), .. Fields()]), StreamError + "|" + Protocol),
        ("8.3.1", "no :method", Wrong(Block((":scheme", _scheme), (":path", "/"), (":authority", "localhost"))), StreamError + "|" + Protocol),
        ("8.3.1", "no :scheme", Wrong(Block((":method", "GET"), (":path", "/"), (":authority", "localhost"))), StreamError + "|" + Protocol),
        ("8.3.1", "no :path", Wrong(Block((":method", "GET"), (":scheme", _scheme), (":authority", "localhost"))), StreamError + "|" + Protocol),
        ("8.3.1", "an empty :path", Wrong(Block((":method", "GET"), (":scheme", _scheme), (":path", ""), (":authority", "localhost"))), StreamError + "|" + Protocol),
        ("8.3.1", ":path twice", Wrong([.. Fields(), .. Block((":path", "/b"))]), StreamError + "|" + Protocol),
        ("8.3.1", ":method twice", Wrong([.. Fields(), .. Block((":method", "GET"))]), StreamError + "|" + Protocol),
    ];

    // On a stream whose request waits for its body; a decision listener would have answered before.
    private IEnumerable<(string Section, string What, byte[][] Frames, string Allowed)> OpenStreams() =>
    [
        ("6.1", "padding longer than the frame", [Hello, Post(1), Frame(FrameType.Data, End | Padded, 1, 200, 1)], Protocol),
        ("6.4", "a reset of a wrong length", [Hello, Post(1), Frame(FrameType.Reset, 0, 1, 0, 0, 8)], FrameSize),
        ("6.6", "a push by a client", [Hello, Post(1), Frame(FrameType.PushPromise, EndHeaders, 1, 0, 0, 0, 2)], Protocol),
        ("6.9", "a window of nothing, of a stream", [Hello, Post(1), Frame(FrameType.WindowUpdate, 0, 1, Number(0))], Protocol + "|" + StreamError),
        ("6.9.1", "a stream's window beyond 2^31-1", [Hello, Post(1), Frame(FrameType.WindowUpdate, 0, 1, Number(int.MaxValue))], FlowControl + "|RST_STREAM 1 FLOW_CONTROL_ERROR"),
        ("8.1", "a body shorter than was told", [Hello, Frame(FrameType.Headers, EndHeaders, 1, Fields("POST", ("content-length", "2"))), Frame(FrameType.Data, End, 1, 1)], StreamError + "|" + Protocol + "|HEADERS 1"),
    ];

    private static byte[][] Wrong(byte[] block) => [Hello, Frame(FrameType.Headers, End | EndHeaders, 1, block)];

    private byte[] Get(int stream) => Frame(FrameType.Headers, End | EndHeaders, stream, Fields());

    private byte[] Post(int stream) => Frame(FrameType.Headers, EndHeaders, stream, Fields("POST"));

    // The scheme is that of the connection: with http over TLS a server may refuse.
    private byte[] Fields(string method = "GET", params ReadOnlySpan<(string Name, string Value)> more) =>
        [.. Block((":method", method), (":scheme", _scheme), (":path", "/"), (":authority", "localhost")), .. Block(more)];
}
