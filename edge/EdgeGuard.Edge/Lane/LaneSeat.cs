using System.Net.Sockets;

namespace EdgeGuard.Edge.Lane;

/// <summary>A connection's place in the loop of a decision listener.</summary>
internal sealed class LaneSeat(DecisionLoop loop, Socket socket) : ILaneGuest
{
    /// <summary>
    /// Told once for each change: told for as long as something is there, the kernel looks at each socket once more when it is waited again, only to find that it was read.
    /// </summary>
    private const uint Reading = Epoll.Readable | Epoll.PeerClosed | Epoll.OnlyNews;

    /// <summary>Full reads in a row before others get their turn: 64 KiB of short requests at least.</summary>
    private const int MaxReads = 16;

    private LaneSession _session = null!;
    private LaneWants _wants = LaneWants.Read;
    private int _place;

    /// <inheritdoc />
    public bool HoldsLoop => true;

    /// <summary>Takes its place.</summary>
    public void Begin(LaneSession session)
    {
        _session = session;
        _place = loop.Loop.Join(this, socket, Reading);
    }

    /// <inheritdoc />
    public void OnEvent(uint flags, long now) => Apply(_wants switch
    {
        LaneWants.Read => Read(flags, now),
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

    // What was left unread, and an end that came together with bytes, is not told of again.
    private LaneWants Read(uint flags, long now)
    {
        var hasEnded = (flags & (Epoll.PeerClosed | Epoll.HungUp | Epoll.Failed)) != 0;
        for (var reads = 1; ; reads++)
        {
            var wants = _session.OnReadable(now);
            if (wants != LaneWants.Read || (hasEnded ? _session.IsBlocked : _session.IsDrained))
            {
                return wants;
            }

            if (reads == MaxReads)
            {
                // Asked for anew, what is there is told of anew, after the others.
                loop.Loop.Change(_place, socket, Reading);
                return wants;
            }
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
                loop.Loop.Change(_place, socket, wants == LaneWants.Read ? Reading : wants == LaneWants.Write ? Epoll.Writable : 0);
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
