using System.Globalization;
using System.Text;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Http2;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Edge.Tests.Tls;
using EdgeGuard.Testing;
using static EdgeGuard.Edge.Tests.Http2.Http2Wire;

namespace EdgeGuard.Edge.Tests.Doors;

/// <summary>Lengths that are none by RFC 9110 section 8.6, or are seldom written so: servers differ in what they take them for, and who is in front could see another request begin.</summary>
public sealed class ContentLengthTests : IDisposable
{
    private const string ProxyHead = "POST /a HTTP/1.1\r\nHost: api.test";
    private const string DecisionHead =
        "POST /v1/decision HTTP/1.1\r\nHost: api.test\r\nX-Original-Method: POST\r\nX-Original-URI: /a\r\nX-Original-Host: api.test";

    private const string EnvoyHead = "POST /v1/decision/envoy/a HTTP/1.1\r\nHost: api.test";

    private static readonly string[] Wrong =
        ["+3", "-3", "-0", "+0", "00", "003", "3,3", "3, 3", "3;", "0x3", "3.0", "3e0", "3 3", "3_0", "\v3", "3\v", "\f3", "", "\u00a03", "\u00b3", "9223372036854775808", "99999999999999999999"];

    private readonly TempFolder _folder = new();
    private readonly TestCertificates _certificates = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Length_ThatIsNone_IsRefusedAtEachDoor(bool lanes)
    {
        await using var edge = await StartAsync(lanes);
        var doors = new (string Name, Func<string, Task<int>> Ask)[]
        {
            ("proxy", length => AskAsync(edge.Proxy!.BaseAddress!, ProxyHead, length)),
            ("proxy-tls", length => AskTlsAsync(edge.Address(DoorTag.ProxyTls), length)),
            ("decision", length => AskAsync(edge.Decision!.BaseAddress!, DecisionHead, length)),
            ("envoy", length => AskAsync(edge.Decision!.BaseAddress!, EnvoyHead, length)),
            ("probes", length => AskAsync(edge.Probes.BaseAddress!, "POST /livez HTTP/1.1\r\nHost: api.test", length)),
        };
        var wrong = new List<string>();
        foreach (var (name, ask) in doors)
        {
            foreach (var length in Wrong)
            {
                if (await ask(length) is var status and not 400)
                {
                    wrong.Add($"{name} '{length}': {status}");
                }
            }
        }

        Assert.Empty(wrong);
        Assert.Empty(edge.Upstream.Received.Items);

        // Blanks around a value are no part of it (RFC 9110 section 5.5).
        foreach (var length in (string[])["3", " 3", "3 \t", "\t3"])
        {
            Assert.Equal((200, 200, 200), (await doors[0].Ask(length), await doors[1].Ask(length), await doors[2].Ask(length)));
        }

        Assert.All(edge.Upstream.Received.Items, request => Assert.Equal(("3", "abc"), (request.Headers["Content-Length"], Encoding.ASCII.GetString(request.Body))));
        Assert.Equal(8, edge.Upstream.Received.Count);
    }

    [Theory]
    [InlineData("proxy-tls")]
    [InlineData("decision-http2")]
    public async Task Length_ThatIsNone_IsRefusedOverHttp2(string door)
    {
        await using var edge = await StartAsync(lanes: true);
        var address = edge.Address(door == "proxy-tls" ? DoorTag.ProxyTls : DoorTag.DecisionHttp2);
        foreach (var length in (string[])["+3", "003", "-0"])
        {
            await using var wire = await ConnectAsync(address);
            await wire.SendAsync([.. Preface, .. Frame(FrameType.Settings, 0, 0)], Post(address, length), Frame(FrameType.Data, 1, 1, "abc"u8.ToArray()));
            Assert.Contains(await wire.OutcomeAsync(pastAnswers: true), (string[])["RST_STREAM 1 PROTOCOL_ERROR", "GOAWAY PROTOCOL_ERROR"]);
        }

        Assert.Empty(edge.Upstream.Received.Items);
    }

    [Fact]
    public void For_OtherHeaders_LeavesThemToTheServer()
    {
        Assert.Null(LengthText.For("Content-Type"));
        Assert.NotNull(LengthText.For("content-length"));
    }

    public void Dispose()
    {
        _certificates.Dispose();
        _folder.Dispose();
    }

    private Task<EdgeUnderTest> StartAsync(bool lanes) => TlsPeer.StartAsync(
        _folder,
        _certificates,
        options => options with
        {
            Listen = options.Listen with { DecisionHttp2 = "127.0.0.1:0" },

            // Other than the defaults, which the lanes leave to the server.
            Clients = lanes ? options.Clients : options.Clients with { MaxConnections = 1000 },
        });

    private static byte[] Post(Uri address, string length) => Frame(FrameType.Headers, 0x4, 1, Block(
        (":method", "POST"), (":scheme", address.Scheme), (":path", "/v1/decision"), (":authority", "localhost"), ("content-length", length)));

    private static async Task<int> AskAsync(Uri address, string head, string length) =>
        StatusOf(await RawHttp.SendAsync(address, $"{head}\r\nConnection: close\r\nContent-Length:{length}\r\n\r\nabc"));

    private static async Task<int> AskTlsAsync(Uri address, string length)
    {
        await using var stream = await TlsPeer.ConnectAsync(address, "localhost");
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"{ProxyHead}\r\nConnection: close\r\nContent-Length:{length}\r\n\r\nabc"));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return StatusOf(await reader.ReadToEndAsync().Within("an answer"));
    }

    private static int StatusOf(string answer) => int.Parse(answer.AsSpan("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture);
}
