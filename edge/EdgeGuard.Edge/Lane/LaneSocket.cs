using System.Net.Sockets;

namespace EdgeGuard.Edge.Lane;

/// <summary>
/// A socket in a loop that is read and written without blocking, and waited for. One may wait to read and one to write. Used on the loop's thread only, where whoever
/// waited goes on as well.
/// </summary>
internal sealed class LaneSocket : ILaneWire, IDisposable
{
    private const uint All = Epoll.Readable | Epoll.Writable | Epoll.PeerClosed | Epoll.OnlyNews;

    private readonly LaneLoop _loop;
    private readonly Socket _socket;
    private readonly ILaneGuest _guest;
    private readonly LaneSignal _readable = new();
    private readonly LaneSignal _writable = new();
    private readonly Action _wake;
    private readonly int _descriptor;
    private int _place;
    private bool _mayRead = true;
    private bool _mayWrite = true;

    public LaneSocket(LaneLoop loop, Socket socket, ILaneGuest guest)
    {
        _loop = loop;
        _socket = socket;
        _guest = guest;
        _wake = WakeBoth;
        _descriptor = (int)socket.SafeHandle.DangerousGetHandle();
    }

    /// <summary>The loop.</summary>
    public LaneLoop Loop => _loop;

    /// <summary>Whether the other end sends nothing any more, or is gone; what it has sent may still be there.</summary>
    public bool HasHungUp { get; private set; }

    /// <summary>Whether the connection is broken in both directions.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Whether it is closed on this side, or somebody else's.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether an idle one is as silent as it should be: neither bytes nor an end have come.</summary>
    public bool IsSilent => !IsClosed && Kernel.IsSilent(_descriptor);

    /// <summary>Takes its place in the loop.</summary>
    /// <param name="isConnected">Whether it can be read and written already.</param>
    /// <exception cref="IOException">The kernel does not watch it.</exception>
    public void Open(bool isConnected)
    {
        _mayRead = _mayWrite = isConnected;
        _place = _loop.Join(_guest, _socket, All);
    }

    /// <summary>Takes note of what the loop tells, and wakes who waited for that.</summary>
    public void Note(uint flags)
    {
        HasFailed |= (flags & (Epoll.Failed | Epoll.HungUp)) != 0;
        HasHungUp |= HasFailed || (flags & Epoll.PeerClosed) != 0;
        _mayRead |= HasHungUp || (flags & Epoll.Readable) != 0;
        _mayWrite |= HasFailed || (flags & Epoll.Writable) != 0;
        if (_mayRead)
        {
            _readable.Give();
        }

        if (_mayWrite && !IsClosed)
        {
            _writable.Give();
        }
    }

    /// <inheritdoc />
    public int Receive(Span<byte> room)
    {
        if (IsClosed)
        {
            return ILaneWire.Gone;
        }

        if (!_mayRead)
        {
            return ILaneWire.Blocked;
        }

        // What is less than there was room for was all, and the loop tells of what comes afterwards: that saves a call that would find nothing. An end is told only once.
        var count = Kernel.Receive(_descriptor, room);
        _mayRead = count == room.Length || HasHungUp;
        return count;
    }

    /// <inheritdoc />
    public int Send(ReadOnlySpan<byte> bytes)
    {
        if (IsClosed)
        {
            return ILaneWire.Gone;
        }

        if (!_mayWrite)
        {
            return ILaneWire.Blocked;
        }

        var count = Kernel.Send(_descriptor, bytes);
        _mayWrite = count == bytes.Length;
        return count;
    }

    /// <summary>Ends when there may be something to read, or nothing ever any more.</summary>
    public ValueTask WhenReadableAsync() => _mayRead || IsClosed ? default : _readable.WaitAsync();

    /// <summary>Ends when something may be written, or nothing ever any more.</summary>
    public ValueTask WhenWritableAsync() => _mayWrite || IsClosed ? default : _writable.WaitAsync();

    /// <summary>Why it could not connect; success when it has.</summary>
    public SocketError ConnectResult()
    {
        if (IsClosed)
        {
            return SocketError.OperationAborted;
        }

        var error = (int)_socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        return (SocketError)error;
    }

    /// <summary>Lets who waits to read look again, soon, though nothing has come.</summary>
    public void WakeReader() => _loop.Post(_readable.Give);

    /// <summary>Takes it out of the loop, open.</summary>
    public Socket Detach()
    {
        IsClosed = true;
        _loop.Leave(_place, _socket, staysOpen: true);
        return _socket;
    }

    /// <summary>Closes it. Who waits goes on, but not in here: whoever closes has not finished yet.</summary>
    public void Dispose()
    {
        if (IsClosed)
        {
            return;
        }

        IsClosed = true;
        _loop.Leave(_place, _socket, staysOpen: false);
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // It has ended already.
        }

        _socket.Dispose();
        _loop.Post(_wake);
    }

    private void WakeBoth()
    {
        _readable.Give();
        _writable.Give();
    }
}
