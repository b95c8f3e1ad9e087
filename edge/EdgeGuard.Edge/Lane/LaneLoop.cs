using System.Collections.Concurrent;
using System.Net.Sockets;

namespace EdgeGuard.Edge.Lane;

/// <summary>
/// One thread that serves many sockets: it waits for any of them, tells whose it is, and never waits for one of them. Everything that takes longer is done elsewhere
/// and posted back.
/// </summary>
internal sealed class LaneLoop
{
    /// <summary>How much one guest may pass on before others get their turn: at 5 GB/s a twentieth of a millisecond.</summary>
    public const int FairBytes = 256 * 1024;

    private const int MaxRecords = 256;
    private const int WakerPlace = -1;

    /// <summary>How often guests are looked at that take too long.</summary>
    private const int LookMilliseconds = 1000;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(LookMilliseconds);

    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stack<int> _free = new();
    private readonly List<int> _left = [];
    private readonly byte[] _records = new byte[MaxRecords * Epoll.RecordBytes];
    private readonly int _set = Epoll.Create();
    private readonly int _waker = Epoll.CreateWaker();
    private ILaneGuest?[] _guests = new ILaneGuest?[64];
    private int _holding;
    private int _taken;
    private long _looked;

    public LaneLoop(string name, TimeProvider time)
    {
        _time = time;
        _looked = time.GetTimestamp();
        Epoll.Control(_set, Epoll.Add, _waker, Epoll.Readable, WakerPlace);
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Whether it ends as soon as it may.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>Whether this is its thread.</summary>
    public bool IsCurrent => ReferenceEquals(Thread.CurrentThread, _thread);

    /// <summary>Does something on its thread, soon.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        Epoll.Wake(_waker);
    }

    /// <summary>Awaited, it goes on on the loop's thread.</summary>
    public LaneEntry Enter() => new(this, IsCurrent);

    /// <summary>Awaited, it goes on once others had their turn.</summary>
    public LaneEntry YieldAsync() => new(this, isThere: false);

    /// <summary>Takes in a guest that the loop's thread brings; its place.</summary>
    /// <exception cref="IOException">The kernel does not watch the socket.</exception>
    public int Join(ILaneGuest guest, Socket socket, uint flags)
    {
        var place = _free.Count > 0 ? _free.Pop() : _taken++;
        if (place == _guests.Length)
        {
            Array.Resize(ref _guests, place * 2);
        }

        try
        {
            Epoll.Control(_set, Epoll.Add, Descriptor(socket), flags, place);
        }
        catch (IOException)
        {
            _free.Push(place);
            throw;
        }

        _guests[place] = guest;
        _holding += guest.HoldsLoop ? 1 : 0;
        return place;
    }

    /// <summary>Changes what a guest is told of.</summary>
    public void Change(int place, Socket socket, uint flags) => Epoll.Control(_set, Epoll.Change, Descriptor(socket), flags, place);

    /// <summary>Lets a guest go, whose socket is closed next, by which the kernel takes it out of the set, or stays open.</summary>
    public void Leave(int place, Socket socket, bool staysOpen)
    {
        if (staysOpen)
        {
            Epoll.Control(_set, Epoll.Remove, Descriptor(socket), 0, 0);
        }

        _holding -= _guests[place]!.HoldsLoop ? 1 : 0;
        _guests[place] = null;
        _left.Add(place);
    }

    /// <summary>Whether a place is a guest's.</summary>
    public bool IsPlaceOf(ILaneGuest guest, int place) => ReferenceEquals(_guests[place], guest);

    /// <summary>Ends it as soon as its guests have left that it waits for; the task ends with it.</summary>
    public Task CloseAsync()
    {
        Post(() =>
        {
            IsClosing = true;
            ForAll(static (guest, _) => guest.OnClose());
        });
        return _finished.Task;
    }

    private void Run()
    {
        while (!IsClosing || _holding > 0)
        {
            Pass(Epoll.Wait(_set, _records, LookMilliseconds));
        }

        ForAll(static (guest, _) => guest.OnClose());
        _ = Epoll.Close(_set);

        // The waker stays open: somebody may still post, and must not reach whatever has its number next.
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
            else if (_guests[place] is { } guest)
            {
                Tell(guest, flags, now);
            }
        }

        // What is posted meanwhile has its turn after what has arrived meanwhile.
        for (var left = _posted.Count; left > 0 && _posted.TryDequeue(out var action); left--)
        {
            action();
        }

        if (_time.GetElapsedTime(_looked, now) >= LookEvery)
        {
            _looked = now;
            ForAll(static (guest, now) => guest.OnLook(now));
        }

        // Not before: a place that has become free is not taken again while a record of its last guest may be left.
        foreach (var place in _left)
        {
            _free.Push(place);
        }

        _left.Clear();
    }

    // Whatever goes wrong with a guest ends that one, and no other.
    private static void Tell(ILaneGuest guest, uint flags, long now)
    {
        try
        {
            guest.OnEvent(flags, now);
        }
        catch (Exception failure)
        {
            guest.OnFailure(failure);
        }
    }

    private void ForAll(Action<ILaneGuest, long> what)
    {
        var now = _time.GetTimestamp();
        for (var place = 0; place < _taken; place++)
        {
            if (_guests[place] is { } guest)
            {
                try
                {
                    what(guest, now);
                }
                catch (Exception failure)
                {
                    guest.OnFailure(failure);
                }
            }
        }
    }

    private static int Descriptor(Socket socket) => (int)socket.SafeHandle.DangerousGetHandle();
}
