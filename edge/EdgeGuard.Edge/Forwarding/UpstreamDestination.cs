using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeGuard.Edge.Lane;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>
/// Address of one upstream. Only idle connections to it are bounded: each connection of a client has one request under way at most, so there are never more of the
/// others than clients.
/// </summary>
internal sealed class UpstreamDestination
{
    /// <summary>Most idle connections that are kept, of all loops together.</summary>
    public const int MaxIdle = 512;

    /// <summary>How long a connection is kept idle.</summary>
    public static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(60);

    private readonly TimeProvider _time;
    private readonly string _host;
    private readonly int _port;
    private readonly IPEndPoint? _endpoint;
    private int _inFlight;
    private int _idle;

    public UpstreamDestination(Uri address, TimeProvider time)
    {
        _time = time;
        (_host, _port) = (address.IdnHost, address.Port);
        _endpoint = IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) ? new IPEndPoint(ip, _port) : null;
        Prefix = Encoding.ASCII.GetBytes(address.GetComponents(UriComponents.Path | UriComponents.KeepDelimiter, UriFormat.UriEscaped).TrimEnd('/'));
    }

    /// <summary>Begin of every path that is forwarded to it.</summary>
    public byte[] Prefix { get; }

    /// <summary>Requests of the lane under way to it.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Idle connections.</summary>
    public int Idle => Volatile.Read(ref _idle);

    /// <summary>Counts a request.</summary>
    public void Enter() => Interlocked.Increment(ref _inFlight);

    /// <summary>Counts it no longer.</summary>
    public void Leave() => Interlocked.Decrement(ref _inFlight);

    /// <summary>Counts idle connections; how many there are then.</summary>
    public int CountIdle(int change) => Interlocked.Add(ref _idle, change);

    /// <summary>Addresses to connect to, one after the other; none when the name is not known.</summary>
    public async ValueTask<IPEndPoint[]> ResolveAsync(CancellationToken stopped)
    {
        try
        {
            return _endpoint is not null ? [_endpoint] : [.. (await Dns.GetHostAddressesAsync(_host, stopped)).Select(address => new IPEndPoint(address, _port))];
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            return [];
        }
    }

    /// <summary>Begins a new connection in a loop; it stands once it can be written. Null when that failed at once.</summary>
    public UpstreamConnection? BeginConnect(LaneLoop loop, IPEndPoint endpoint)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, Blocking = false };
            if (Kernel.BeginConnect(socket, endpoint))
            {
                var connection = new UpstreamConnection(loop, socket, _time);
                connection.Socket.Open(isConnected: false);
                return connection;
            }
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            // No descriptor is left, or the family is not there.
        }

        socket?.Dispose();
        return null;
    }
}
