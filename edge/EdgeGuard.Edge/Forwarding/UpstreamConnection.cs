using System.Net.Sockets;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>One connection to an upstream, with what has arrived on it and was not read yet. Carries one request at a time.</summary>
internal sealed class UpstreamConnection(Socket socket, TimeProvider time) : IDisposable
{
    /// <summary>What is received at a time.</summary>
    private const int BufferBytes = 16 * 1024;

    private byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;
    private long _idleSince;

    /// <summary>Whether it has carried a request before: the upstream may have closed it in the very moment of the next.</summary>
    public bool IsReused { get; private set; }

    /// <summary>What has arrived and was not read yet.</summary>
    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Whether an idle one can carry a request: nothing may have come, neither its end nor bytes that nobody asked for.</summary>
    public bool IsUsable() => !socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Whether it has been idle for longer than this.</summary>
    public bool IsIdleFor(TimeSpan limit) => time.GetElapsedTime(_idleSince) > limit;

    /// <summary>Tells that its request is over.</summary>
    public void Rest()
    {
        IsReused = true;
        _idleSince = time.GetTimestamp();
        (_start, _end) = (0, 0);
        if (_buffer.Length > BufferBytes)
        {
            _buffer = new byte[BufferBytes];
        }
    }

    /// <summary>Takes note that some bytes have been read.</summary>
    public void Consume(int count)
    {
        _start += count;
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
        }
    }

    /// <summary>Sends; the whole of it.</summary>
    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes) => socket.SendAsync(bytes, SocketFlags.None, CancellationToken.None);

    /// <summary>Waits for more to arrive behind what was not read yet; ends with <see cref="Receive"/>.</summary>
    public ValueTask<int> ReceiveAsync()
    {
        if (_end == _buffer.Length)
        {
            MakeRoom();
        }

        return socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, CancellationToken.None);
    }

    /// <summary>Takes note of what has arrived.</summary>
    public void Receive(int count) => _end += count;

    /// <inheritdoc />
    public void Dispose() => socket.Dispose();

    // A head may be longer than the usual; nothing else is let grow.
    private void MakeRoom()
    {
        var unread = _end - _start;
        var buffer = _start > 0 ? _buffer : new byte[_buffer.Length * 2];
        _buffer.AsSpan(_start, unread).CopyTo(buffer);
        (_buffer, _start, _end) = (buffer, 0, unread);
    }
}
