using System.Buffers;
using System.Runtime.CompilerServices;
using EdgeGuard.Edge.Lane;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>What a client gets: written first, then sent. Its room is given back whenever all is sent.</summary>
internal sealed class LaneOutput(LaneSocket socket) : IBufferWriter<byte>, IDisposable
{
    private const int UsualBytes = 4 * 1024;

    private byte[]? _buffer;
    private int _length;

    /// <summary>Whether it is waited for the client to take something.</summary>
    public bool IsSending { get; private set; }

    /// <summary>How often it was waited for the client to take something.</summary>
    public int Waits { get; private set; }

    /// <summary>How much it is that the client is to take, with what it has taken of that.</summary>
    public int Length => _length;

    /// <summary>Changes whenever all has been sent.</summary>
    public int Progress { get; private set; }

    /// <summary>Sends what was written; false when the client takes no more.</summary>
    public ValueTask<bool> FlushAsync()
    {
        if (_length == 0)
        {
            return new(!socket.IsClosed);
        }

        var sent = socket.Send(_buffer.AsSpan(0, _length));
        if (sent == _length)
        {
            Clear();
            return new(true);
        }

        return WaitAsync(sent);
    }

    /// <summary>Writes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        _length += bytes.Length;
    }

    /// <inheritdoc />
    public void Advance(int count) => _length += count;

    /// <inheritdoc />
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_length);
    }

    /// <inheritdoc />
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_length);
    }

    /// <inheritdoc />
    public void Dispose() => Clear();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> WaitAsync(int sent)
    {
        var start = Math.Max(0, sent);
        IsSending = true;
        Waits++;
        while (start < _length && sent != ILaneWire.Gone)
        {
            await socket.WhenWritableAsync();
            sent = socket.Send(_buffer.AsSpan(start, _length - start));
            start += Math.Max(0, sent);
        }

        IsSending = false;
        Clear();
        return sent != ILaneWire.Gone;
    }

    private void Clear()
    {
        _length = 0;
        Progress++;
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Reserve(int count)
    {
        var buffer = _buffer ?? ArrayPool<byte>.Shared.Rent(Math.Max(UsualBytes, count));
        if (buffer.Length - _length < Math.Max(1, count))
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, _length + count));
            buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        _buffer = buffer;
    }
}
