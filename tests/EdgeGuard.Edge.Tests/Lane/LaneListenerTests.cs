using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Takeover;
using EdgeGuard.Edge.Tests.Forwarding;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;
using static EdgeGuard.Edge.Tests.Lane.LaneQuestions;

namespace EdgeGuard.Edge.Tests.Lane;

/// <summary>The lane behind real sockets.</summary>
public sealed class LaneListenerTests
{
    private const string Close = "Connection: close\r\n";

    [Fact]
    public async Task UnixSocket_IsAnsweredAsTcpIs()
    {
        using var folder = new TempFolder();
        var path = folder.Combine("decision.sock");
        await using var edge = await EdgeUnderTest.StartAsync(
            TestBundles.PerKey(), options => options with { Listen = options.Listen with { Decision = "unix:" + path } });
        var question = Ask(headers: "x-api-key: a\r\n") + Ask(headers: "x-api-key: a\r\n" + Close);

        var answers = await RawHttp.SendAsync(new UnixDomainSocketEndPoint(path), question);

        Assert.Equal(2, answers.Split("HTTP/1.1 200 OK\r\n").Length - 1);
        Assert.Contains(Close, answers, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_OfBothKindsOnOneConnection_AreAnsweredInOrder()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(burst: 100));
        var usual = Ask(headers: "x-api-key: a\r\n");
        var chunked = Ask(headers: "x-api-key: a\r\nTransfer-Encoding: chunked\r\n") + "3\r\nabc\r\n0\r\n\r\n";
        var unknown = "GET /elsewhere HTTP/1.1\r\nHost: a\r\n\r\n";

        var answers = await RawHttp.SendAsync(
            edge.Decision!.BaseAddress!, usual + usual + chunked + usual + unknown + Ask(headers: "x-api-key: a\r\n" + Close));

        Assert.Equal(["200", "200", "200", "200", "404", "200"], answers.Split("HTTP/1.1 ")[1..].Select(answer => answer[..3]));
    }

    [Fact]
    public async Task BodyBeyondTheLanesBound_IsTakenByTheServer()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(burst: 100));
        var body = new string('b', 100_000);

        var answers = await RawHttp.SendAsync(
            edge.Decision!.BaseAddress!, Ask(headers: $"x-api-key: a\r\nContent-Length: {body.Length}\r\n") + body + Ask(headers: "x-api-key: a\r\n" + Close));

        Assert.Equal(["200", "200"], answers.Split("HTTP/1.1 ")[1..].Select(answer => answer[..3]));
    }

    [Fact]
    public async Task ManyRequestsAtOnce_MoreThanIsReadInARow_AreAllAnswered()
    {
        // What is told of once only has to be read to its end: 400 KB of requests, of which a read takes 4 KiB, and then the end of the client's side, which comes with the last of them.
        const int Count = 5000;
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(burst: 2 * Count));
        using var socket = await ConnectAsync(edge);
        var questions = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(Ask(headers: "x-api-key: a\r\n"), Count)));

        var sending = SendAllAsync(socket, questions);
        var answers = new StringBuilder();
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = await socket.ReceiveAsync(buffer).Within("answers")) > 0)
        {
            answers.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        await sending.Within("all requests being sent");
        Assert.Equal(Count, answers.ToString().Split("HTTP/1.1 200 OK\r\n").Length - 1);
    }

    [Fact]
    public async Task EndOfTheClientsSide_WithARequestOrAfterIt_EndsTheConnection()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(burst: 100));
        for (var round = 0; round < 20; round++)
        {
            using var socket = await ConnectAsync(edge);
            await socket.SendAsync(Encoding.Latin1.GetBytes(Ask(headers: "x-api-key: a\r\n")));
            if (round % 2 == 0)
            {
                Assert.StartsWith("HTTP/1.1 200 ", await AskAsync(socket, string.Empty), StringComparison.Ordinal);
            }

            socket.Shutdown(SocketShutdown.Send);
            if (round % 2 == 1)
            {
                Assert.StartsWith("HTTP/1.1 200 ", await AskAsync(socket, string.Empty), StringComparison.Ordinal);
            }

            Assert.Equal(string.Empty, await AskAsync(socket, string.Empty));
        }
    }

    [Fact]
    public async Task Stop_EndsIdleConnectionsAtOnce()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey());
        using var socket = await ConnectAsync(edge);
        Assert.StartsWith("HTTP/1.1 403 ", await AskAsync(socket, Ask()), StringComparison.Ordinal);

        await edge.Host.StopAsync().Within("the end of an edge with an idle connection", Servers.DrainLimit / 2);

        Assert.Equal(string.Empty, await AskAsync(socket, string.Empty));
    }

    [Fact]
    public async Task Takeover_EndsConnectionsWithTheirNextAnswer()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(burst: 10));
        using var socket = await ConnectAsync(edge);
        Assert.DoesNotContain(Close, await AskAsync(socket, Ask()), StringComparison.Ordinal);
        var listeners = edge.Host.Services.GetRequiredService<SharedListeners>();
        await listeners.PauseAsync();

        Assert.Contains(Close, await AskAsync(socket, Ask()), StringComparison.Ordinal);
        Assert.Equal(string.Empty, await AskAsync(socket, string.Empty));
        listeners.Resume();
        Assert.DoesNotContain(Close, await AskAsync(await ConnectAsync(edge), Ask()), StringComparison.Ordinal);
    }

    private static async Task<Socket> ConnectAsync(EdgeUnderTest edge)
    {
        var address = edge.Decision!.BaseAddress!;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(address.Host), address.Port));
        return socket;
    }

    private static async Task SendAllAsync(Socket socket, byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;)
        {
            sent += await socket.SendAsync(bytes.AsMemory(sent));
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    // The answer that comes next, read to its end however it is cut up on the way. Empty when the connection ends.
    private static async Task<string> AskAsync(Socket socket, string question)
    {
        if (question.Length > 0)
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(question));
        }

        var text = string.Empty;
        var buffer = new byte[4096];
        int count;
        while (RawMessage.Read(text) is null && (count = await socket.ReceiveAsync(buffer).Within("an answer")) > 0)
        {
            text += Encoding.Latin1.GetString(buffer, 0, count);
        }

        return text;
    }
}
