using System.Collections.Immutable;
using System.Net;
using EdgeGuard.Edge.Lane;
using Microsoft.AspNetCore.Connections;

namespace EdgeGuard.Edge.Takeover;

/// <summary>All listeners of this process, and how many connections the doors among them have open.</summary>
internal sealed class SharedListeners
{
    private readonly Lock _gate = new();
    private ImmutableArray<(string Name, string Address, EndPoint Bound)> _names = [];
    private ImmutableArray<SharedListener> _all = [];
    private volatile bool _paused;
    private volatile bool _givenAway;
    private ImmutableArray<(EndPoint EndPoint, LaneKind Kind)> _lanes = [];
    private long _open;
    private long _handedOver;

    /// <summary>No connection is accepted, and those that are open end after their next answer.</summary>
    public bool IsPaused => _paused;

    /// <summary>The sockets belong to another process.</summary>
    public bool IsGivenAway => _givenAway;

    /// <summary>Open connections of doors.</summary>
    public long Open => Interlocked.Read(ref _open);

    /// <summary>Connections that a lane has left to the web server, each for its first unusual request.</summary>
    public long HandedOver => Interlocked.Read(ref _handedOver);

    /// <summary>Where the listener that was added last is bound.</summary>
    public EndPoint Last => _all[^1].EndPoint;

    /// <summary>Lets a lane serve the connections of a listener; before it is bound.</summary>
    public void UseLane(EndPoint endpoint, LaneKind kind) => _lanes = _lanes.Add((endpoint, kind));

    /// <summary>Which was asked for: for this very listener, because several may be wanted at one address with port 0.</summary>
    public LaneKind LaneOf(EndPoint endpoint) => _lanes.FirstOrDefault(wanted => ReferenceEquals(wanted.EndPoint, endpoint)).Kind;

    /// <summary>Adds one that is bound.</summary>
    public void Add(SharedListener listener)
    {
        lock (_gate)
        {
            _all = _all.Add(listener);
        }
    }

    /// <summary>Tells what a listener is for, and where the options wanted it.</summary>
    public void Name(string name, string address, EndPoint bound)
    {
        lock (_gate)
        {
            _names = _names.Add((name, address, bound));
        }
    }

    /// <summary>Every listener that has a name.</summary>
    public ImmutableArray<(OfferedListener Offer, SharedListener Listener)> Named()
    {
        lock (_gate)
        {
            return [.. from name in _names
                       from listener in _all
                       where Equals(listener.EndPoint, name.Bound)
                       select (new OfferedListener(name.Name, name.Address), listener)];
        }
    }

    /// <summary>Stops accepting; once this has ended every connection that was accepted is counted.</summary>
    public Task PauseAsync()
    {
        _paused = true;
        return Task.WhenAll(_all.Select(listener => listener.PauseAsync()));
    }

    /// <summary>Accepts again.</summary>
    public void Resume()
    {
        _paused = false;
        foreach (var listener in _all)
        {
            listener.Resume();
        }
    }

    /// <summary>From now on no socket is closed by this process before it ends.</summary>
    public void GiveAway() => _givenAway = true;

    /// <summary>Counts a connection that is left to the web server.</summary>
    public void NoteHandOver() => Interlocked.Increment(ref _handedOver);

    /// <summary>Counts a connection until <see cref="Leave"/> is called for it.</summary>
    public void Enter() => Interlocked.Increment(ref _open);

    /// <summary>Counts a connection no longer.</summary>
    public void Leave() => Interlocked.Decrement(ref _open);

    /// <summary>Counts a connection until it closes.</summary>
    public void Enter(ConnectionContext connection)
    {
        Interlocked.Increment(ref _open);
        connection.ConnectionClosed.Register(static all => Interlocked.Decrement(ref ((SharedListeners)all!)._open), this);
    }
}
