using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Edge.Tests.Tls;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EdgeGuard.Edge.Tests.Proxy;

/// <summary>What stays open or ends with trailers, through the proxy: gRPC, WebSockets and server-sent events.</summary>
public sealed class CallTests : IDisposable
{
    /// <summary>One GET in all; nothing is said of other methods.</summary>
    private const string OnlyGet = """
        format: edgeguard/v1
        bundle_version: 1
        policies:
          - id: socket
            spec:
              selector: {pathPrefix: /, methods: [GET]}
              rules:
                - name: one
                  limit_keys: []
                  algorithm: token_bucket
                  algorithm_config: {tokens_per_second: 1, burst: 1}
        """;

    private readonly TempFolder _folder = new();
    private readonly TestCertificates _certificates = new();

    [Fact]
    public async Task Grpc_Unary_PassesMessageAndTrailers()
    {
        await using var upstream = await EchoingAsync();
        await using var edge = await StartAsync(upstream);
        using var client = TlsPeer.Client(edge.Address(DoorTag.ProxyTls), _certificates, HttpVersion.Version20);
        using var request = Call(new ByteArrayContent(Frame("ping")));

        using var answer = await client.SendAsync(request);
        var body = await answer.Content.ReadAsByteArrayAsync();

        Assert.Equal((HttpStatusCode.OK, "application/grpc"), (answer.StatusCode, answer.Content.Headers.ContentType?.ToString()));
        Assert.Equal(Frame("ping"), body);
        Assert.Equal(("0", "fine"), (answer.TrailingHeaders.GetValues("grpc-status").Single(), answer.TrailingHeaders.GetValues("grpc-message").Single()));
    }

    [Fact]
    public async Task Grpc_BothWaysAtOnce_DeliversEachMessageAsItIsSent()
    {
        await using var upstream = await EchoingAsync();
        await using var edge = await StartAsync(upstream);
        using var client = TlsPeer.Client(edge.Address(DoorTag.ProxyTls), _certificates, HttpVersion.Version20);
        var messages = Channel.CreateUnbounded<string>();
        using var request = Call(new StreamedCalls(messages.Reader));
        await messages.Writer.WriteAsync("first");

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        Assert.Equal("first", await ReadAsync(stream));
        for (var i = 0; i < 100; i++)
        {
            // The next one is sent only when the answer to the last has come: nothing may wait for more.
            await messages.Writer.WriteAsync($"message {i}");
            Assert.Equal($"message {i}", await ReadAsync(stream));
        }

        messages.Writer.Complete();
        Assert.Null(await ReadAsync(stream));
        Assert.Equal("0", answer.TrailingHeaders.GetValues("grpc-status").Single());
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task WebSocket_OverTls_Echoes(string version)
    {
        await using var upstream = await FakeUpstream.StartAsync();
        upstream.Record = false;
        upstream.Answer = EchoSocketAsync;
        await using var edge = await TlsPeer.StartAsync(
            _folder,
            _certificates,
            options => options with { Clusters = options.Clusters.SetItem("default", new ClusterOptions { Destinations = [upstream.Address.AbsoluteUri] }) },
            OnlyGet);
        using var client = TlsPeer.Client(edge.Address(DoorTag.ProxyTls), _certificates);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = new Version(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        var address = edge.Address(DoorTag.ProxyTls);
        using var patience = new CancellationTokenSource(Eventually.Generous);

        await socket.ConnectAsync(new Uri($"wss://127.0.0.1:{address.Port}/socket"), client, patience.Token);
        var buffer = new byte[64 * 1024];
        foreach (var size in (int[])[1, 125, 126, 40_000])
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(new string('x', size)), WebSocketMessageType.Text, true, patience.Token);
            var total = 0;
            WebSocketReceiveResult read;
            do
            {
                read = await socket.ReceiveAsync(buffer, patience.Token);
                total += read.Count;
            }
            while (!read.EndOfMessage);
            Assert.Equal(size, total);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", patience.Token);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);

        // Over HTTP/2 it was a CONNECT: the policy about GET counted it all the same.
        using var second = await client.GetAsync("/socket");
        Assert.Equal("429 token_bucket_exceeded", second.Verdict());
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Events_OverTls_ArriveOneByOne(string version)
    {
        await using var upstream = await FakeUpstream.StartAsync();
        var events = Channel.CreateUnbounded<string>();
        upstream.Answer = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await foreach (var text in events.Reader.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync($"data: {text}\n\n", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        };
        await using var edge = await TlsPeer.StartAsync(
            _folder,
            _certificates,
            options => options with { Clusters = options.Clusters.SetItem("default", new ClusterOptions { Destinations = [upstream.Address.AbsoluteUri] }) });
        using var client = TlsPeer.Client(edge.Address(DoorTag.ProxyTls), _certificates, new Version(version));
        await events.Writer.WriteAsync("0");
        using var answer = await client.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, "/events") { Version = new Version(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact },
            HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());

        for (var i = 0; i < 50; i++)
        {
            Assert.Equal($"data: {i}", await reader.ReadLineAsync().WaitAsync(Eventually.Generous, TimeProvider.System));
            Assert.Equal(string.Empty, await reader.ReadLineAsync().WaitAsync(Eventually.Generous, TimeProvider.System));
            await events.Writer.WriteAsync($"{i + 1}");
        }

        events.Writer.Complete();
        Assert.Equal("data: 50\n\n", await reader.ReadToEndAsync().WaitAsync(Eventually.Generous, TimeProvider.System));
    }

    public void Dispose()
    {
        _certificates.Dispose();
        _folder.Dispose();
    }

    private static HttpRequestMessage Call(HttpContent content)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        var request = new HttpRequestMessage(HttpMethod.Post, "/echo.Echo/Say")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        return request;
    }

    private static byte[] Frame(string text)
    {
        var frame = new byte[5 + text.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), text.Length);
        Encoding.ASCII.GetBytes(text, frame.AsSpan(5));
        return frame;
    }

    private static async Task<string?> ReadAsync(Stream stream)
    {
        var head = new byte[5];
        if (await stream.ReadAtLeastAsync(head, 5, throwOnEndOfStream: false).AsTask().Within("a message") < 5)
        {
            return null;
        }

        var message = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1))];
        await stream.ReadExactlyAsync(message).AsTask().Within("the rest of a message");
        return Encoding.ASCII.GetString(message);
    }

    // Answers every message with itself at once, as a gRPC server does over HTTP/2 without TLS; refuses clients that do not take trailers.
    private static async Task<FakeUpstream> EchoingAsync()
    {
        var upstream = await FakeUpstream.StartAsync(protocols: HttpProtocols.Http2);
        upstream.Record = false;
        upstream.Answer = EchoCallsAsync;
        return upstream;
    }

    private static async Task EchoCallsAsync(HttpContext context)
    {
        if (context.Request.Headers.TE != "trailers" || !HttpProtocol.IsHttp2(context.Request.Protocol))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        context.Response.ContentType = "application/grpc";
        var buffer = new byte[4096];
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }

        context.Response.AppendTrailer("grpc-status", "0");
        context.Response.AppendTrailer("grpc-message", "fine");
    }

    private static async Task EchoSocketAsync(HttpContext context)
    {
#pragma warning disable CA5350 // RFC 6455 section 4.2.2 says SHA-1.
        var accept = SHA1.HashData(Encoding.ASCII.GetBytes(context.Request.Headers.SecWebSocketKey + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
#pragma warning restore CA5350
        context.Response.Headers.SecWebSocketAccept = Convert.ToBase64String(accept);
        context.Response.Headers.Upgrade = "websocket";
        await using var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        using var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer, context.RequestAborted);
            if (read.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "done", context.RequestAborted);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, read.Count), read.MessageType, read.EndOfMessage, context.RequestAborted);
        }
    }

    private Task<EdgeUnderTest> StartAsync(FakeUpstream upstream) => TlsPeer.StartAsync(_folder, _certificates, options => options with
    {
        Clusters = ImmutableDictionary<string, ClusterOptions>.Empty.Add(
            "default", new ClusterOptions { Destinations = [upstream.Address.AbsoluteUri], Protocol = "http2" }),
    });

    /// <summary>Sends messages as they come.</summary>
    private sealed class StreamedCalls(ChannelReader<string> messages) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync();
            await foreach (var message in messages.ReadAllAsync())
            {
                await stream.WriteAsync(Frame(message));
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
