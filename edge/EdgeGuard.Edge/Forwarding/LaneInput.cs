using System.Buffers;
using EdgeGuard.Edge.Lane;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>What has arrived on a connection and was not read yet.</summary>
/// <param name="usualBytes">Room that is usually enough; kept as long as the connection.</param>
internal sealed class LaneInput(int usualBytes) : IDisposable
{
    /// <summary>Most room: a body that comes in fast is read so many bytes at a time.</summary>
    private const int MaxBytes = 64 * 1024;

    private byte[]? _buffer;
    private int _start;
    private int _end;

    /// <summary>Whether nothing comes any more.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>What is there.</summary>
    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    /// <summary>How much is there.</summary>
    public int Length => _end - _start;

    /// <summary>What is there, for readers of sequences; not empty.</summary>
    public ReadOnlySequence<byte> Sequence => new(_buffer!, _start, _end - _start);

    /// <summary>Takes note that some bytes have been read.</summary>
    public void Consume(int count)
    {
        _start += count;
        if (_start == _end)
        {
            (_start, _end) = (0, 0);
        }
    }

    /// <summary>Reads what is there behind what was not read yet: how many bytes, or as <see cref="ILaneWire.Receive"/> tells it.</summary>
    public int Receive(LaneSocket socket)
    {
        if (socket.IsClosed)
        {
            HasEnded = true;
            return ILaneWire.Gone;
        }

        MakeRoom();
        var room = _buffer.AsSpan(_end);
        if (room.IsEmpty)
        {
            throw new InvalidOperationException("What has arrived must be read before more is asked for.");
        }

        var count = socket.Receive(room);
        if (count > 0)
        {
            _end += count;
        }
        else if (count != ILaneWire.Blocked)
        {
            HasEnded = true;
        }

        return count;
    }

    /// <summary>Gives the room back while nothing is expected; what was not read yet is forgotten.</summary>
    public void Rest()
    {
        (_start, _end) = (0, 0);
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Gives more room back than usual.</summary>
    public void Shrink()
    {
        if (_buffer?.Length > usualBytes && Length == 0)
        {
            Rest();
        }
    }

    /// <inheritdoc />
    public void Dispose() => Rest();

    private void MakeRoom()
    {
        if (_buffer is not { } buffer)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(usualBytes);
            return;
        }

        if (_end < buffer.Length)
        {
            return;
        }

        var unread = _end - _start;
        if (_start > 0 && unread > buffer.Length / 2)
        {
            buffer.AsSpan(_start, unread).CopyTo(buffer);
        }
        else
        {
            // It was filled: there may be more of it.
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Min(MaxBytes, buffer.Length * 2));
            buffer.AsSpan(_start, unread).CopyTo(_buffer);
            ArrayPool<byte>.Shared.Return(buffer);
        }

        (_start, _end) = (0, unread);
    }
}
