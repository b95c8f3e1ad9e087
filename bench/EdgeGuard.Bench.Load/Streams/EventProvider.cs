using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeGuard.Bench.Load.Streams;

/// <summary>A provider of models that streams a chat completion: an event every few milliseconds, each with the time at which it was sent.</summary>
internal sealed class EventProvider : IDisposable
{
    /// <summary>Name of the member that holds the time.</summary>
    public const string SentAt = "\"sent_at\":";

    private readonly TcpListener _listener;
    private readonly TimeProvider _time;
    private readonly StreamPlan _plan;
    private readonly CancellationTokenSource _stop = new();

    public EventProvider(int port, StreamPlan plan, TimeProvider time)
    {
        (_plan, _time) = (plan, time);
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token));
            }
        }
        catch (Exception problem) when (problem is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            socket.NoDelay = true;
            try
            {
                while (await ReadRequestAsync(socket))
                {
                    await AnswerAsync(socket);
                }
            }
            catch (Exception problem) when (problem is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The other end is gone, or it is over.
            }
        }
    }

    // Bodies of requests are short and end in the brace that closes them.
    private async Task<bool> ReadRequestAsync(Socket socket)
    {
        var buffer = new byte[16 * 1024];
        var length = 0;
        while (true)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(length), _stop.Token);
            if (count == 0)
            {
                return false;
            }

            length += count;
            var head = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (head >= 0 && length > head + 4 && buffer.AsSpan(0, length).TrimEnd("\r\n0"u8).EndsWith("}"u8))
            {
                return true;
            }
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray(), _stop.Token);
        for (var i = 0; i < _plan.Events; i++)
        {
            await Task.Delay(_plan.Pause, _time, _stop.Token);
            await SendAsync(socket, string.Create(
                CultureInfo.InvariantCulture,
                $$$"""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"mock-1","choices":[{"index":0,"delta":{"content":" word"},"finish_reason":null}],{{{SentAt}}}{{{_time.GetTimestamp()}}}}"""));
        }

        await SendAsync(socket, """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"mock-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
        await SendAsync(socket, "[DONE]");
        await socket.SendAsync("0\r\n\r\n"u8.ToArray(), _stop.Token);
    }

    private async Task SendAsync(Socket socket, string data) => await socket.SendAsync(
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{data.Length + 8:x}\r\ndata: {data}\n\n\r\n")), _stop.Token);
}
