using System.Net.Sockets;
using EdgeGuard.Edge.Lane;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>Serves connections of the proxy listener on a thread of its own, those to upstreams as well, so that a request never goes from one thread to another.</summary>
internal sealed class ForwardLoop(ProxyLane lane, LaneExit exit, TimeProvider time) : ILaneServer
{
    private readonly LaneLoop _loop = new("proxy lane", time);
    private readonly Dictionary<UpstreamDestination, UpstreamIdle> _idle = [];
    private UpstreamDestination? _last;
    private UpstreamIdle? _lastIdle;

    /// <summary>The thread.</summary>
    public LaneLoop Loop => _loop;

    /// <summary>What decides and answers.</summary>
    public ProxyLane Lane => lane;

    /// <summary>Where connections go that the lane does not keep.</summary>
    public LaneExit Exit => exit;

    /// <inheritdoc />
    public void Serve(Socket socket) => _loop.Post(() => Add(socket));

    /// <inheritdoc />
    public Task CloseAsync() => _loop.CloseAsync();

    /// <summary>Connections to an upstream that are kept here; on the loop's thread.</summary>
    public UpstreamIdle IdleOf(UpstreamDestination destination)
    {
        if (ReferenceEquals(destination, _last))
        {
            return _lastIdle!;
        }

        if (!_idle.TryGetValue(destination, out var idle))
        {
            idle = new UpstreamIdle(destination);
            _idle.Add(destination, idle);
        }

        (_last, _lastIdle) = (destination, idle);
        return idle;
    }

    private void Add(Socket socket)
    {
        if (!_loop.IsClosing)
        {
            try
            {
                socket.Blocking = false;
                var connection = new ProxyLaneConnection(this, socket, time);
                connection.Open();
                return;
            }
            catch (Exception gone)
            {
                // Most often the client hung up at once.
                if (gone is not (SocketException or IOException or ObjectDisposedException))
                {
                    lane.NoteFailure(gone);
                }
            }
        }

        socket.Dispose();
        exit.Left();
    }
}
