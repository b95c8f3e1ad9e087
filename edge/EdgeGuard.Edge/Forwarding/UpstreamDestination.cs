using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>
/// Address of one upstream, and the connections that are kept to it. Only idle ones are bounded here: each connection of a client has one request under way at most,
/// so there are never more of the others than clients.
/// </summary>
internal sealed class UpstreamDestination
{
    /// <summary>Most idle connections that are kept, about 17 KiB each.</summary>
    public const int MaxIdle = 512;

    /// <summary>How long a connection is kept idle.</summary>
    public static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly UpstreamConnection[] _idle = new UpstreamConnection[MaxIdle];
    private readonly TimeProvider _time;
    private readonly string _host;
    private readonly int _port;
    private readonly EndPoint _endpoint;
    private int _count;
    private int _inFlight;
    private bool _closed;

    public UpstreamDestination(Uri address, TimeProvider time)
    {
        _time = time;
        (_host, _port) = (address.IdnHost, address.Port);
        _endpoint = IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) ? new IPEndPoint(ip, _port) : new DnsEndPoint(_host, _port);
        Prefix = Encoding.ASCII.GetBytes(address.GetComponents(UriComponents.Path | UriComponents.KeepDelimiter, UriFormat.UriEscaped).TrimEnd('/'));
    }

    /// <summary>Begin of every path that is forwarded to it.</summary>
    public byte[] Prefix { get; }

    /// <summary>Requests of the lane under way to it.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Idle connections.</summary>
    public int Idle
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>Counts a request.</summary>
    public void Enter() => Interlocked.Increment(ref _inFlight);

    /// <summary>Counts it no longer.</summary>
    public void Leave() => Interlocked.Decrement(ref _inFlight);

    /// <summary>An idle connection that still stands, the one that was used last; null for none.</summary>
    public UpstreamConnection? TryRent()
    {
        while (true)
        {
            UpstreamConnection connection;
            lock (_gate)
            {
                if (_count == 0)
                {
                    return null;
                }

                connection = _idle[--_count];
                _idle[_count] = null!;
            }

            if (connection.IsUsable())
            {
                return connection;
            }

            connection.Dispose();
        }
    }

    /// <summary>Keeps a connection whose request is over.</summary>
    public void Return(UpstreamConnection connection)
    {
        connection.Rest();
        lock (_gate)
        {
            if (!_closed && _count < MaxIdle)
            {
                _idle[_count++] = connection;
                return;
            }
        }

        connection.Dispose();
    }

    /// <summary>A new connection.</summary>
    public async ValueTask<UpstreamConnection> ConnectAsync(CancellationToken stopped)
    {
        var socket = _endpoint is IPEndPoint ip
            ? new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(_endpoint, stopped);
            return new UpstreamConnection(socket, _time);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Closes idle connections: those that were idle for too long or that the upstream has closed, or all of them for good.</summary>
    public void Sweep(bool all = false)
    {
        List<UpstreamConnection>? gone = null;
        lock (_gate)
        {
            _closed |= all;
            var kept = 0;
            for (var i = 0; i < _count; i++)
            {
                var connection = _idle[i];
                if (all || connection.IsIdleFor(IdleLimit) || !connection.IsUsable())
                {
                    (gone ??= []).Add(connection);
                }
                else
                {
                    _idle[kept++] = connection;
                }
            }

            Array.Clear(_idle, kept, _count - kept);
            _count = kept;
        }

        foreach (var connection in gone ?? [])
        {
            connection.Dispose();
        }
    }
}
