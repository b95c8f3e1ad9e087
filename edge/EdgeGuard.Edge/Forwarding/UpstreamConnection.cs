using System.Net.Sockets;
using EdgeGuard.Edge.Lane;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>One connection to an upstream, with what has arrived on it and was not read yet. Carries one request at a time, in one loop.</summary>
internal sealed class UpstreamConnection : ILaneGuest, IDisposable
{
    private const int UsualBytes = 8 * 1024;

    private readonly TimeProvider _time;
    private UpstreamIdle? _idle;
    private long _idleSince;

    public UpstreamConnection(LaneLoop loop, Socket socket, TimeProvider time)
    {
        Socket = new LaneSocket(loop, socket, this);
        _time = time;
    }

    /// <summary>Its socket.</summary>
    public LaneSocket Socket { get; }

    /// <summary>What has arrived.</summary>
    public LaneInput Input { get; } = new(UsualBytes);

    /// <summary>Whether it has carried a request before: the upstream may have closed it in the very moment of the next.</summary>
    public bool IsReused { get; private set; }

    /// <inheritdoc />
    public bool HoldsLoop => false;

    /// <summary>Begins to be idle.</summary>
    public void Rest(UpstreamIdle idle)
    {
        IsReused = true;
        _idle = idle;
        _idleSince = _time.GetTimestamp();
        Input.Rest();
    }

    /// <summary>Whether it has been idle for longer than this.</summary>
    public bool IsIdleFor(TimeSpan limit, long now) => _time.GetElapsedTime(_idleSince, now) > limit;

    /// <summary>Goes on with a request.</summary>
    public void Work() => _idle = null;

    /// <inheritdoc />
    public void OnEvent(uint flags, long now)
    {
        if (_idle is { } idle)
        {
            // Nobody asked for anything: its end has come, or bytes that must not be taken for an answer. That it can be written is no news.
            if ((flags & ~(Epoll.Writable | Epoll.OnlyNews)) != 0)
            {
                idle.Drop(this);
            }

            return;
        }

        Socket.Note(flags);
    }

    /// <inheritdoc />
    public void OnLook(long now)
    {
        if (_idle is { } idle && IsIdleFor(UpstreamDestination.IdleLimit, now))
        {
            idle.Drop(this);
        }
    }

    /// <inheritdoc />
    public void OnClose() => _idle?.Drop(this);

    /// <inheritdoc />
    public void OnFailure(Exception failure) => Dispose();

    /// <inheritdoc />
    public void Dispose()
    {
        Input.Dispose();
        Socket.Dispose();
    }
}
