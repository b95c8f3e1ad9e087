using System.Net;
using System.Net.Sockets;
using EdgeGuard.Edge.Pipeline;

namespace EdgeGuard.Edge.Lane;

/// <summary>Serves connections of a decision listener on a thread of its own.</summary>
internal sealed class DecisionLoop(DecisionLane lane, LaneExit exit, TimeProvider time) : ILaneServer
{
    private readonly LaneLoop _loop = new("decision lane", time);
    private readonly LaneBench _bench = new(lane);

    /// <summary>The thread.</summary>
    public LaneLoop Loop => _loop;

    /// <summary>Where connections go that the lane does not keep.</summary>
    public LaneExit Exit => exit;

    /// <inheritdoc />
    public void Serve(Socket socket) => _loop.Post(() => Add(socket));

    /// <inheritdoc />
    public Task CloseAsync() => _loop.CloseAsync();

    /// <summary>Takes note that a connection failed: no other gets anything of its answers.</summary>
    public void NoteFailure(Exception failure)
    {
        _bench.Clear();
        lane.NoteFailure(failure);
    }

    private void Add(Socket socket)
    {
        if (_loop.IsClosing)
        {
            socket.Dispose();
            exit.Left();
            return;
        }

        try
        {
            socket.Blocking = false;
            var peer = (socket.RemoteEndPoint as IPEndPoint)?.Address;
            var seat = new LaneSeat(this, socket);
            seat.Begin(new LaneSession(
                lane, _bench, new SocketWire(socket), peer is null ? null : TrustedProxies.Unmapped(peer), _ => _loop.Post(() => seat.OnCaller(time.GetTimestamp())), time));
        }
        catch (Exception gone) when (gone is SocketException or IOException or ObjectDisposedException)
        {
            // The client hung up at once.
            socket.Dispose();
            exit.Left();
        }
    }
}
