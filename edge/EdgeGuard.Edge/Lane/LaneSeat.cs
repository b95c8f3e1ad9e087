using System.Net.Sockets;

namespace EdgeGuard.Edge.Lane;

/// <summary>A connection's place in the loop of a decision listener.</summary>
internal sealed class LaneSeat(DecisionLoop loop, Socket socket) : ILaneGuest
{
    private LaneSession _session = null!;
    private LaneWants _wants = LaneWants.Read;
    private int _place;

    /// <inheritdoc />
    public bool HoldsLoop => true;

    /// <summary>Takes its place.</summary>
    public void Begin(LaneSession session)
    {
        _session = session;
        _place = loop.Loop.Join(this, socket, Epoll.Readable);
    }

    /// <inheritdoc />
    public void OnEvent(uint flags, long now) => Apply(_wants switch
    {
        LaneWants.Read => _session.OnReadable(now),
        LaneWants.Write => _session.OnWritable(now),
        _ => (flags & (Epoll.Failed | Epoll.HungUp)) != 0 ? LaneWants.Close : _wants,
    });

    /// <inheritdoc />
    public void OnLook(long now) => Apply(_session.Look(now));

    /// <inheritdoc />
    public void OnClose() => Apply(_session.BeginClose());

    /// <inheritdoc />
    public void OnFailure(Exception failure)
    {
        loop.NoteFailure(failure);
        if (loop.Loop.IsPlaceOf(this, _place))
        {
            End();
        }
    }

    /// <summary>It is known who calls.</summary>
    public void OnCaller(long now)
    {
        // The place may be another connection's by now.
        if (!loop.Loop.IsPlaceOf(this, _place))
        {
            return;
        }

        try
        {
            Apply(_session.OnCaller(now));
        }
        catch (Exception failure)
        {
            OnFailure(failure);
        }
    }

    private void Apply(LaneWants wants)
    {
        if (wants == _wants)
        {
            return;
        }

        switch (wants)
        {
            case LaneWants.HandOver when !loop.Loop.IsClosing:
                var rest = _session.Rest.ToArray();
                Leave(staysOpen: true);
                loop.Exit.HandOver(socket, rest);
                break;
            case LaneWants.HandOver or LaneWants.Close:
                End();
                break;
            default:
                _wants = wants;
                loop.Loop.Change(_place, socket, wants == LaneWants.Read ? Epoll.Readable : wants == LaneWants.Write ? Epoll.Writable : 0);
                break;
        }
    }

    private void End()
    {
        Leave(staysOpen: false);
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // It has ended already.
        }

        socket.Dispose();
        loop.Exit.Left();
    }

    private void Leave(bool staysOpen)
    {
        loop.Loop.Leave(_place, socket, staysOpen);
        _session.Dispose();
    }
}
