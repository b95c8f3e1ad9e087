using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Forwarding;

/// <summary>One end of a connection, in the test's own hands.</summary>
internal sealed class RawPeer(Socket socket) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private string _unread = string.Empty;

    public Socket Socket => socket;

    /// <summary>A client of an edge's proxy.</summary>
    public static async Task<RawPeer> ConnectAsync(Uri address, int? receiveBuffer = null)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.ReceiveBufferSize = receiveBuffer ?? client.ReceiveBufferSize;
        await client.ConnectAsync(new IPEndPoint(IPAddress.Parse(address.Host), address.Port));
        return new RawPeer(client);
    }

    public async Task SendAsync(string text) => await socket.SendAsync(Encoding.Latin1.GetBytes(text)).Within("sending");

    /// <summary>What has come up to and with some text.</summary>
    public async Task<string> ReadUntilAsync(string end)
    {
        int at;
        while ((at = _unread.IndexOf(end, StringComparison.Ordinal)) < 0)
        {
            var count = await socket.ReceiveAsync(_buffer).Within($"\"{end}\" after \"{_unread}\"");
            Assert.True(count > 0, $"the end came after \"{_unread}\"");
            _unread += Encoding.Latin1.GetString(_buffer, 0, count);
        }

        var text = _unread[..(at + end.Length)];
        _unread = _unread[text.Length..];
        return text;
    }

    /// <summary>What comes until the other end closes, or breaks off.</summary>
    public async Task<string> ReadToEndAsync()
    {
        try
        {
            int count;
            while ((count = await socket.ReceiveAsync(_buffer).Within("the end")) > 0)
            {
                _unread += Encoding.Latin1.GetString(_buffer, 0, count);
            }
        }
        catch (SocketException)
        {
            // Broken off.
        }

        var text = _unread;
        _unread = string.Empty;
        return text;
    }

    /// <summary>Breaks off, as a process that is killed with bytes unread.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }

    public void Dispose() => socket.Dispose();
}
