using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using EdgeGuard.Edge.Pipeline;

namespace EdgeGuard.Edge.Lane;

/// <summary>
/// One thread that serves many connections of the lane: it waits for any of them, reads what has arrived, decides and answers, and never waits for one of them.
/// Everything that takes longer, verifying a new token above all, is done elsewhere and posted back.
/// </summary>
internal sealed class LaneLoop
{
    private const int MaxRecords = 256;
    private const int WakerPlace = -1;

    /// <summary>How often connections are looked at that take too long.</summary>
    private const int LookMilliseconds = 1000;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(LookMilliseconds);

    private readonly DecisionLane _lane;
    private readonly LaneBench _bench;
    private readonly LaneExit _exit;
    private readonly TimeProvider _time;
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stack<int> _free = new();
    private readonly byte[] _records = new byte[MaxRecords * Epoll.RecordBytes];
    private readonly int _set = Epoll.Create();
    private readonly int _waker = Epoll.CreateWaker();
    private LaneSeat?[] _seats = new LaneSeat?[64];
    private int _open;
    private int _taken;
    private long _looked;
    private bool _closing;

    public LaneLoop(DecisionLane lane, LaneExit exit, TimeProvider time)
    {
        _lane = lane;
        _bench = new LaneBench(lane);
        _exit = exit;
        _time = time;
        _looked = time.GetTimestamp();
        Epoll.Control(_set, Epoll.Add, _waker, Epoll.Readable, WakerPlace);
        new Thread(Run) { IsBackground = true, Name = "decision lane" }.Start();
    }

    /// <summary>Takes a connection.</summary>
    public void Serve(Socket socket) => Post(() => Add(socket));

    /// <summary>Ends all connections as soon as everything is answered that was asked, then the thread; the task ends with it.</summary>
    public Task CloseAsync()
    {
        Post(() =>
        {
            _closing = true;
            ForAll(static (seat, _, _) => seat.Session.BeginClose());
        });
        return _finished.Task;
    }

    private void Post(Action action)
    {
        _posted.Enqueue(action);
        Epoll.Wake(_waker);
    }

    private void Run()
    {
        while (!_closing || _open > 0)
        {
            Pass(Epoll.Wait(_set, _records, LookMilliseconds));
        }

        _ = Epoll.Close(_set);

        // The waker stays open: somebody may still tell of a caller, and must not reach whatever has its number next.
        _finished.SetResult();
    }

    private void Pass(int count)
    {
        var now = _time.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var (flags, place) = Epoll.Record(_records, i);
            if (place == WakerPlace)
            {
                Epoll.Sleep(_waker);
            }
            else if (_seats[place] is { } seat)
            {
                Serve(seat, OnEvent, flags, now);
            }
        }

        // Afterwards: a place that has become free is not taken again while a record of its last connection may be left.
        while (_posted.TryDequeue(out var action))
        {
            action();
        }

        if (_time.GetElapsedTime(_looked, now) >= LookEvery)
        {
            _looked = now;
            ForAll(static (seat, _, now) => seat.Session.Look(now));
        }
    }

    private static LaneWants OnEvent(LaneSeat seat, uint flags, long now) => seat.Wants switch
    {
        LaneWants.Read => seat.Session.OnReadable(now),
        LaneWants.Write => seat.Session.OnWritable(now),
        _ => (flags & (Epoll.Failed | Epoll.HungUp)) != 0 ? LaneWants.Close : seat.Wants,
    };

    private void ForAll(Func<LaneSeat, uint, long, LaneWants> what)
    {
        var now = _time.GetTimestamp();
        for (var place = 0; place < _taken; place++)
        {
            if (_seats[place] is { } seat)
            {
                Serve(seat, what, 0, now);
            }
        }
    }

    // Whatever goes wrong with a connection ends that one, and no other gets anything of its answers.
    private void Serve(LaneSeat seat, Func<LaneSeat, uint, long, LaneWants> what, uint flags, long now)
    {
        try
        {
            Apply(seat, what(seat, flags, now));
        }
        catch (Exception failure)
        {
            _bench.Clear();
            _lane.NoteFailure(failure);
            if (ReferenceEquals(_seats[seat.Place], seat))
            {
                End(seat);
            }
        }
    }

    private void Add(Socket socket)
    {
        if (_closing)
        {
            socket.Dispose();
            _exit.Left();
            return;
        }

        var place = _free.Count > 0 ? _free.Pop() : _taken++;
        if (place == _seats.Length)
        {
            Array.Resize(ref _seats, place * 2);
        }

        try
        {
            socket.Blocking = false;
            var peer = (socket.RemoteEndPoint as IPEndPoint)?.Address;
            var session = new LaneSession(
                _lane, _bench, new SocketWire(socket), peer is null ? null : TrustedProxies.Unmapped(peer), _ => Post(() => OnCaller(place, socket)), _time);
            _seats[place] = new LaneSeat(place, socket, session);
            _open++;
            Epoll.Control(_set, Epoll.Add, Descriptor(socket), Epoll.Readable, place);
        }
        catch (Exception gone) when (gone is SocketException or IOException or ObjectDisposedException)
        {
            // The client hung up at once.
            if (_seats[place] is { } seat)
            {
                End(seat);
                return;
            }

            _free.Push(place);
            socket.Dispose();
            _exit.Left();
        }
    }

    private void OnCaller(int place, Socket socket)
    {
        // The place may be another connection's by now.
        if (_seats[place] is { } seat && ReferenceEquals(seat.Socket, socket))
        {
            Serve(seat, static (seat, _, now) => seat.Session.OnCaller(now), 0, _time.GetTimestamp());
        }
    }

    private void Apply(LaneSeat seat, LaneWants wants)
    {
        if (wants == seat.Wants)
        {
            return;
        }

        switch (wants)
        {
            case LaneWants.HandOver when !_closing:
                var rest = seat.Session.Rest.ToArray();
                Epoll.Control(_set, Epoll.Remove, Descriptor(seat.Socket), 0, 0);
                Leave(seat);
                _exit.HandOver(seat.Socket, rest);
                break;
            case LaneWants.HandOver or LaneWants.Close:
                End(seat);
                break;
            default:
                seat.Wants = wants;
                var flags = wants == LaneWants.Read ? Epoll.Readable : wants == LaneWants.Write ? Epoll.Writable : 0;
                Epoll.Control(_set, Epoll.Change, Descriptor(seat.Socket), flags, seat.Place);
                break;
        }
    }

    private void End(LaneSeat seat)
    {
        Leave(seat);
        try
        {
            seat.Socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // It has ended already.
        }

        // The kernel takes it out of the set.
        seat.Socket.Dispose();
        _exit.Left();
    }

    private void Leave(LaneSeat seat)
    {
        _seats[seat.Place] = null;
        _free.Push(seat.Place);
        _open--;
        seat.Session.Dispose();
    }

    private static int Descriptor(Socket socket) => (int)socket.SafeHandle.DangerousGetHandle();
}
