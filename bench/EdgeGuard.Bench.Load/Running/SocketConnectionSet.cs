using System.Net;
using System.Net.Sockets;

namespace EdgeGuard.Bench.Load.Running;

/// <summary>Real TCP connections, all used from one thread.</summary>
internal sealed class SocketConnectionSet : IConnectionSet
{
    /// <summary>Time that a server has to take a connection, and to take the rest of a request that fills its buffers.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Epoll _epoll = new();
    private readonly Socket?[] _sockets;
    private readonly EndPoint _server;

    public SocketConnectionSet(EndPoint server, int count)
    {
        _server = server;
        _sockets = new Socket?[count];
        for (int i = 0; i < count; i++)
        {
            if (!Reopen(i))
            {
                Dispose();
                throw new IOException($"no connection to {server}");
            }
        }
    }

    public int Count => _sockets.Length;

    public bool Send(int connection, ReadOnlySpan<byte> bytes)
    {
        if (_sockets[connection] is not { } socket)
        {
            return false;
        }

        while (!bytes.IsEmpty)
        {
            int sent = socket.Send(bytes, SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                if (!socket.Poll(Patience, SelectMode.SelectWrite))
                {
                    return false;
                }
            }
            else if (error != SocketError.Success)
            {
                return false;
            }

            bytes = bytes[sent..];
        }

        return true;
    }

    public int Receive(int connection, Span<byte> buffer)
    {
        if (_sockets[connection] is not { } socket)
        {
            return 0;
        }

        int received = socket.Receive(buffer, SocketFlags.None, out SocketError error);
        return error switch
        {
            SocketError.Success => received,
            SocketError.WouldBlock => -1,
            _ => 0,
        };
    }

    public bool Reopen(int connection)
    {
        _sockets[connection]?.Dispose();
        _sockets[connection] = null;
        Socket socket = new(_server.AddressFamily, SocketType.Stream, _server is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            if (_server is IPEndPoint)
            {
                socket.NoDelay = true;
            }

            socket.Connect(_server);
            socket.Blocking = false;
            _epoll.Watch(socket, connection);
            _sockets[connection] = socket;
            return true;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return false;
        }
    }

    // The kernel wakes a sleeper up to a millisecond late (and a frequency-scaled core later still), so the last millisecond is
    // spent looking: the client has a core of its own.
    public int Wait(TimeSpan atMost, Span<int> ready) => _epoll.Wait(Math.Max(0, (int)atMost.TotalMilliseconds - 1), ready);

    public void Dispose()
    {
        foreach (Socket? socket in _sockets)
        {
            socket?.Dispose();
        }

        _epoll.Dispose();
    }
}
