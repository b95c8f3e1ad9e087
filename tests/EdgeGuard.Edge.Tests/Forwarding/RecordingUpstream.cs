using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeGuard.Edge.Tests.Forwarding;

/// <summary>An upstream that writes down what it gets, byte for byte, and answers with the bytes that it was told to answer with.</summary>
internal sealed class RecordingUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<RawMessage> _seen = [];
    private readonly Task _accepting;
    private int _connections;

    public RecordingUpstream()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    public ForwardCase Case { get; set; } = new(string.Empty);

    /// <summary>Connections so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>What it has got since the last time.</summary>
    public IReadOnlyList<RawMessage> TakeSeen()
    {
        lock (_seen)
        {
            var seen = _seen.ToArray();
            _seen.Clear();
            return seen;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var _ = socket;
        var buffer = new byte[64 * 1024];
        var text = string.Empty;
        try
        {
            int count;
            while ((count = await socket.ReceiveAsync(buffer, _stop.Token)) > 0)
            {
                text += Encoding.Latin1.GetString(buffer, 0, count);
                while (RawMessage.Read(text, noBody: Case.Early) is { } message)
                {
                    text = text[message.Length..];
                    lock (_seen)
                    {
                        _seen.Add(message);
                    }

                    var (answer, closes) = (Case.Answer, Case.Closes);
                    await socket.SendAsync(Encoding.Latin1.GetBytes(answer), _stop.Token);
                    if (closes)
                    {
                        socket.Shutdown(SocketShutdown.Both);
                        return;
                    }
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            // The proxy has hung up.
        }
    }
}
