using System.Net.Sockets;
using EdgeGuard.Edge.Forwarding;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.Forwarding;

/// <summary>What happens to forwarded requests when somebody is slow, goes away, or has to stop.</summary>
public sealed class ForwardLifeTests
{
    private const string Get = "GET /v1/a HTTP/1.1\r\nHost: api.test\r\nx-api-key: a\r\n\r\n";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Fact]
    public async Task Head_ThatDoesNotArriveWhole_IsToldSoAndTheConnectionEnds()
    {
        using var upstream = new RawUpstream();
        await using var edge = await StartAsync(upstream);
        using var client = await ConnectAsync(edge);

        // Behind a whole one, whose answer tells that both have been read.
        await client.SendAsync(Get + Get[..30]);
        using var got = await upstream.AcceptAsync();
        await got.ReadUntilAsync("\r\n\r\n");
        await got.SendAsync(Ok);
        await client.ReadUntilAsync("\r\n\r\nok");

        var answer = await AnswerOverTimeAsync(edge, client);

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_ThatStopsComing_IsToldSoAndTheUpstreamIsLetGo()
    {
        using var upstream = new RawUpstream();
        await using var edge = await StartAsync(upstream);
        using var client = await ConnectAsync(edge);
        await client.SendAsync(Post("Content-Length: 100\r\n") + "abc");
        using var got = await upstream.AcceptAsync();
        await got.ReadUntilAsync("\r\n\r\nabc");

        var answer = await AnswerOverTimeAsync(edge, client);

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Equal(string.Empty, await got.ReadToEndAsync());
    }

    [Fact]
    public async Task Upstream_ThatDoesNotAnswerInTime_GivesGatewayTimeout()
    {
        using var upstream = new RawUpstream();
        await using var edge = await StartAsync(upstream);
        using var client = await ConnectAsync(edge);
        await client.SendAsync(Get.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal));
        using var got = await upstream.AcceptAsync();
        await got.ReadUntilAsync("\r\n\r\n");

        var answer = await AnswerOverTimeAsync(edge, client);

        Assert.StartsWith("HTTP/1.1 504 ", answer, StringComparison.Ordinal);
        Assert.Equal(string.Empty, await got.ReadToEndAsync());
    }

    [Fact]
    public async Task KeptConnection_ClosedByTheUpstreamInsteadOfAnAnswer_IsReplacedForARequestThatMayBeRepeated()
    {
        using var upstream = new RawUpstream();
        await using var edge = await StartAsync(upstream);
        using var client = await ConnectAsync(edge);
        using var kept = await AnswerFirstAsync(upstream, client);
        await client.SendAsync(Get);
        await kept.ReadUntilAsync("\r\n\r\n");
        kept.Dispose();

        using var fresh = await upstream.AcceptAsync();
        await fresh.ReadUntilAsync("\r\n\r\n");
        await fresh.SendAsync(Ok);

        Assert.StartsWith("HTTP/1.1 200 ", await client.ReadUntilAsync("\r\n\r\nok"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeptConnection_ClosedByTheUpstreamInsteadOfAnAnswer_IsNotReplacedForARequestThatMayNotBeRepeated()
    {
        using var upstream = new RawUpstream();
        await using var edge = await StartAsync(upstream);
        using var client = await ConnectAsync(edge);
        using var kept = await AnswerFirstAsync(upstream, client);
        await client.SendAsync(Post("Content-Length: 3\r\n") + "abc");
        await kept.ReadUntilAsync("\r\n\r\nabc");
        kept.Dispose();

        Assert.StartsWith("HTTP/1.1 502 ", await client.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")]
    public async Task KeptConnection_OnWhichSomethingComesUnasked_IsNotUsedAgain(string unasked)
    {
        using var upstream = new RawUpstream();
        await using var edge = await StartAsync(upstream);
        using var client = await ConnectAsync(edge);
        using var kept = await AnswerFirstAsync(upstream, client);
        var destination = edge.Host.Services.GetRequiredService<UpstreamPool>().Choose("default", out _)!;
        await Eventually.TrueAsync(() => destination.Idle == 1);
        if (unasked.Length > 0)
        {
            await kept.SendAsync(unasked);
        }
        else
        {
            kept.Socket.Shutdown(SocketShutdown.Send);
        }

        await Eventually.TrueAsync(() => destination.Idle == 0);
        await client.SendAsync(Post("Content-Length: 3\r\n") + "abc");
        using var fresh = await upstream.AcceptAsync();
        await fresh.ReadUntilAsync("\r\n\r\nabc");
        await fresh.SendAsync(Ok);

        Assert.StartsWith("HTTP/1.1 200 ", await client.ReadUntilAsync("\r\n\r\nok"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_WithARequestInFlight_LetsItFinishAndClosesItsConnection()
    {
        using var upstream = new RawUpstream();
        await using var edge = await StartAsync(upstream);

        // One on each thread of the lane, which take turns: when all have been closed every thread knows of the end.
        var idle = new List<RawPeer>();
        for (var i = 0; i < Environment.ProcessorCount; i++)
        {
            idle.Add(await ConnectAsync(edge));
        }

        using var client = await ConnectAsync(edge);
        await client.SendAsync(Get);
        using var got = await upstream.AcceptAsync();
        await got.ReadUntilAsync("\r\n\r\n");

        var stopping = edge.Host.StopAsync();
        foreach (var one in idle)
        {
            Assert.Equal(string.Empty, await one.ReadToEndAsync());
            one.Dispose();
        }

        Assert.False(stopping.IsCompleted);
        await got.SendAsync(Ok);
        var answer = await client.ReadToEndAsync();
        await stopping.Within("the end of the edge");

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nok", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_ThatGoesAwayInTheMiddle_LetsTheUpstreamGo(bool streaming)
    {
        using var upstream = new RawUpstream();
        await using var edge = await StartAsync(upstream);
        using var client = await ConnectAsync(edge);
        await client.SendAsync(Get);
        using var got = await upstream.AcceptAsync();
        await got.ReadUntilAsync("\r\n\r\n");
        if (streaming)
        {
            await got.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            await client.ReadUntilAsync("abc");
        }

        client.Dispose();

        Assert.Equal(string.Empty, await got.ReadToEndAsync());
    }

    [Fact]
    public async Task Client_KilledInTheMiddleOfItsBody_LetsTheUpstreamGo()
    {
        using var upstream = new RawUpstream();
        await using var edge = await StartAsync(upstream);
        using var client = await ConnectAsync(edge);
        await client.SendAsync(Post("Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n");
        using var got = await upstream.AcceptAsync();
        await got.ReadUntilAsync("abc\r\n");

        client.Reset();

        Assert.DoesNotContain("0\r\n\r\n", await got.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 6\r\n", "abc")]
    [InlineData("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n")]
    public async Task Upstream_KilledInTheMiddleOfItsAnswer_CutsTheClientOff(string framing, string begin)
    {
        using var upstream = new RawUpstream();
        await using var edge = await StartAsync(upstream);
        using var client = await ConnectAsync(edge);
        await client.SendAsync(Get);
        using var got = await upstream.AcceptAsync();
        await got.ReadUntilAsync("\r\n\r\n");
        await got.SendAsync($"HTTP/1.1 200 OK\r\n{framing}\r\n{begin}");
        await client.ReadUntilAsync(begin);

        got.Reset();

        Assert.Equal(string.Empty, await client.ReadToEndAsync());
    }

    [Fact]
    public async Task InterimAnswer_IsPassedOnBeforeTheFinalOneComes()
    {
        using var upstream = new RawUpstream();
        await using var edge = await StartAsync(upstream);
        using var client = await ConnectAsync(edge);
        await client.SendAsync(Get);
        using var got = await upstream.AcceptAsync();
        await got.ReadUntilAsync("\r\n\r\n");

        await got.SendAsync("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n");
        var hints = await client.ReadUntilAsync("\r\n\r\n");
        await got.SendAsync(Ok);
        var answer = await client.ReadUntilAsync("\r\n\r\nok");

        Assert.Equal("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n", hints);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_ReachTheClientAsTheyCome()
    {
        using var upstream = new RawUpstream();
        await using var edge = await StartAsync(upstream);
        using var client = await ConnectAsync(edge);
        await client.SendAsync(Get);
        using var got = await upstream.AcceptAsync();
        await got.ReadUntilAsync("\r\n\r\n");
        await got.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
        await client.ReadUntilAsync("\r\n\r\n");
        for (var i = 0; i < 5; i++)
        {
            await got.SendAsync($"9\r\ndata: {i}\n\n\r\n");
            Assert.Equal($"9\r\ndata: {i}\n\n\r\n", await client.ReadUntilAsync("\n\n\r\n"));
        }

        await got.SendAsync("0\r\n\r\n");
        Assert.Equal("0\r\n\r\n", await client.ReadUntilAsync("0\r\n\r\n"));
    }

    [Fact]
    public async Task EarlyAnswer_BeforeTheBodyHasCome_IsPassedOnAndTheBodyDropped()
    {
        using var upstream = new RawUpstream();
        await using var edge = await StartAsync(upstream);
        using var client = await ConnectAsync(edge);
        await client.SendAsync(Post("Content-Length: 6\r\n") + "abc");
        using var got = await upstream.AcceptAsync();
        await got.ReadUntilAsync("\r\n\r\nabc");

        await got.SendAsync("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 413 ", await client.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
        await client.SendAsync("def" + Get);
        using var next = await upstream.AcceptAsync();
        await next.ReadUntilAsync("\r\n\r\n");
        await next.SendAsync(Ok);

        Assert.StartsWith("HTTP/1.1 200 ", await client.ReadUntilAsync("\r\n\r\nok"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_ThatReadsNothing_IsSentNoMoreThanTheKernelHolds()
    {
        // Of the kernel: what it lets the buffers of one connection grow to is 10 MB as it is set up everywhere.
        const long Most = 128 * 1024 * 1024;
        using var upstream = new RawUpstream();
        await using var edge = await StartAsync(upstream);
        using var client = await RawPeer.ConnectAsync(edge.Proxy!.BaseAddress!, receiveBuffer: 64 * 1024);
        await client.SendAsync(Get);
        using var got = await upstream.AcceptAsync();
        await got.ReadUntilAsync("\r\n\r\n");
        await got.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Most}\r\n\r\n");
        got.Socket.Blocking = false;

        var sent = 0L;
        var piece = new byte[256 * 1024];
        while (sent < Most && got.Socket.Poll(TimeSpan.FromSeconds(1), SelectMode.SelectWrite))
        {
            sent += Math.Max(0, got.Socket.Send(piece, 0, (int)Math.Min(piece.Length, Most - sent), SocketFlags.None, out _));
        }

        Assert.True(sent < Most, "all of it was taken from the upstream while the client read nothing");
    }

    [Fact]
    public async Task Client_ThatTakesAByteNowAndThen_IsCutOffAndTheUpstreamLetGo()
    {
        using var upstream = new RawUpstream();
        await using var edge = await StartAsync(upstream);
        using var client = await RawPeer.ConnectAsync(edge.Proxy!.BaseAddress!, receiveBuffer: 4 * 1024);
        await client.SendAsync(Get);
        using var got = await upstream.AcceptAsync();
        await got.ReadUntilAsync("\r\n\r\n");
        await got.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
        using var ended = new CancellationTokenSource();
        var sending = SendOnAsync(got, ended.Token);
        try
        {
            await Eventually.TrueAsync(
                () =>
                {
                    edge.Time.Advance(TimeSpan.FromSeconds(2));
                    _ = client.Socket.Available > 0 ? client.Socket.Receive(new byte[1]) : 0;
                    return sending.IsCompleted;
                },
                what: "the end of the connection to the upstream");
        }
        finally
        {
            await ended.CancelAsync();
        }

        await Assert.ThrowsAsync<SocketException>(() => sending);
    }

    // Until nobody takes it any more.
    private static async Task SendOnAsync(RawPeer peer, CancellationToken ended)
    {
        var piece = new byte[64 * 1024];
        while (true)
        {
            await peer.Socket.SendAsync(piece, ended);
        }
    }

    private static string Post(string framing) => $"POST /v1/a HTTP/1.1\r\nHost: api.test\r\nx-api-key: a\r\n{framing}\r\n";

    // Its connection is kept afterwards.
    private static async Task<RawPeer> AnswerFirstAsync(RawUpstream upstream, RawPeer client)
    {
        await client.SendAsync(Get);
        var got = await upstream.AcceptAsync();
        await got.ReadUntilAsync("\r\n\r\n");
        await got.SendAsync(Ok);
        await client.ReadUntilAsync("\r\n\r\nok");
        return got;
    }

    // Time goes on until the edge has had enough.
    private static async Task<string> AnswerOverTimeAsync(EdgeUnderTest edge, RawPeer client)
    {
        var answer = client.ReadToEndAsync();
        await Eventually.TrueAsync(
            () =>
            {
                edge.Time.Advance(TimeSpan.FromSeconds(2));
                return answer.IsCompleted;
            },
            what: "an answer of the edge");
        return await answer;
    }

    private static Task<RawPeer> ConnectAsync(EdgeUnderTest edge) => RawPeer.ConnectAsync(edge.Proxy!.BaseAddress!);

    private static Task<EdgeUnderTest> StartAsync(RawUpstream upstream) => EdgeUnderTest.StartAsync(
        TestBundles.PerKey(burst: 1000),
        options => options with { Clusters = options.Clusters.SetItem("default", new ClusterOptions { Destinations = [upstream.Address] }) },
        new EdgeHostSettings { ProxyLane = true });
}
