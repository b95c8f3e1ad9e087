using System.Net;
using System.Net.Sockets;
using EdgeGuard.Edge.Lane;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Identity;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>
/// One connection of the proxy lane: requests are forwarded in order, the next one when the one before has been answered. On the first request that the lane does
/// not take the server takes the connection over, with that request untouched, and keeps it. Used on the loop's thread only.
/// </summary>
internal sealed class ProxyLaneConnection : ILaneGuest, IDisposable
{
    private const int UsualBytes = 4 * 1024;

    private readonly ForwardLoop _loop;
    private readonly ProxyLane _lane;
    private readonly LaneSocket _socket;
    private readonly TimeProvider _time;
    private readonly LaneInput _input = new(UsualBytes);
    private readonly CancellationTokenSource _closed = new();
    private readonly LaneRequest _request = new(forwards: true);
    private readonly ForwardIncoming _incoming;
    private readonly bool _trusts;
    private readonly TargetBuffer _target = new();
    private readonly LaneOutput _output;
    private readonly LaneForward _forward;
    private ValueTask<Caller> _pending;
    private bool _closing;
    private bool _expired;
    private bool _isPartial;
    private bool _isBusy;
    private bool _forwards;
    private bool _closes;
    private int _progress;
    private int _seenProgress;
    private long _since;

    public ProxyLaneConnection(ForwardLoop loop, Socket socket, TimeProvider time)
    {
        _loop = loop;
        _lane = loop.Lane;
        _socket = new LaneSocket(loop.Loop, socket, this);
        _time = time;
        _since = time.GetTimestamp();
        var peer = (socket.RemoteEndPoint as IPEndPoint)?.Address is { } address ? TrustedProxies.Unmapped(address) : null;
        _incoming = _lane.Incoming(peer, _request, _closed.Token);
        _trusts = _lane.Trusts(peer);
        _output = new LaneOutput(_socket);
        var text = peer?.ToString() ?? string.Empty;
        var node = peer?.AddressFamily == AddressFamily.InterNetworkV6 ? $"\"[{text}]\"" : text;
        _forward = new LaneForward(loop, this, _incoming.Received, new RequestHead(text, node), _output, time);
    }

    /// <inheritdoc />
    public bool HoldsLoop => true;

    /// <summary>Its socket.</summary>
    public LaneSocket Socket => _socket;

    /// <summary>What the client has sent.</summary>
    public LaneInput Input => _input;

    /// <summary>Cancelled when it has ended.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>Begins to serve it.</summary>
    /// <exception cref="IOException">The kernel does not watch the socket.</exception>
    public void Open()
    {
        _socket.Open(isConnected: true);
        _ = RunAsync();
    }

    /// <inheritdoc />
    public void OnEvent(uint flags, long now)
    {
        _socket.Note(flags);

        // Who has sent all of a request and hangs up waits for no answer; as on the YARP path. What is left of a body is read first.
        if (_isBusy && !_socket.IsClosed && (_socket.HasFailed || (_socket.HasHungUp && _forward.Upload.End != UploadEnd.Open)))
        {
            Abandon();
        }
    }

    /// <inheritdoc />
    public void OnLook(long now)
    {
        var progress = _progress + _output.Progress + _output.Waits;
        if (progress != _seenProgress)
        {
            _seenProgress = progress;
            _since = now;
        }
        else if (_output.IsSending)
        {
            if (_time.GetElapsedTime(_since, now) >= LanePace.LimitOf(_output.Length))
            {
                _socket.Dispose();
            }
        }
        else if (_isBusy)
        {
            // Times of its own end what waits for an upstream.
            _since = now;
            _forward.Upload.Look(now);
        }
        else if (_time.GetElapsedTime(_since, now) >= (_isPartial ? LaneSession.HeadLimit : LaneSession.IdleLimit))
        {
            _expired = true;
            _socket.WakeReader();
        }
    }

    /// <inheritdoc />
    public void OnClose()
    {
        _closing = true;
        if (!_isBusy)
        {
            _socket.WakeReader();
        }
    }

    /// <inheritdoc />
    public void OnFailure(Exception failure)
    {
        _lane.NoteFailure(failure);
        _socket.Dispose();
    }

    /// <summary>Lets go of what it held; the source that tells of its end has nothing to let go of.</summary>
    public void Dispose()
    {
        _input.Dispose();
        _output.Dispose();
        _forward.Dispose();
        _socket.Dispose();
    }

    private void Abandon()
    {
        _ = _closed.CancelAsync();
        _forward.Abandon();
    }

    private async Task RunAsync()
    {
        var handOver = false;
        try
        {
            handOver = await ServeAsync();
        }
        catch (Exception failure)
        {
            // What cannot be decided on is not let pass.
            await _loop.Loop.Enter();
            _lane.NoteFailure(failure);
            if (!_socket.IsClosed && !_forward.HasAnswered)
            {
                _lane.TellFailure(_output);
                _ = await _output.FlushAsync();
            }
        }

        End(handOver);
    }

    private void End(bool handOver)
    {
        if (handOver && !_socket.IsClosed)
        {
            var rest = _input.Unread.ToArray();
            _loop.Exit.HandOver(_socket.Detach(), rest);
        }
        else
        {
            _ = _closed.CancelAsync();
            _socket.Dispose();
            _loop.Exit.Left();
        }

        Dispose();
    }

    // Whether the server is to go on.
    private async Task<bool> ServeAsync()
    {
        while (true)
        {
            var step = Take();
            if (step == LaneStep.Read)
            {
                NotePart(_input.Length > 0);
                step = AtRest();
                if (step == LaneStep.Read)
                {
                    if (_input.Receive(_socket) == ILaneWire.Blocked)
                    {
                        if (_input.Length == 0)
                        {
                            _input.Rest();
                        }

                        await _socket.WhenReadableAsync();
                    }

                    continue;
                }
            }

            if (step == LaneStep.Wait)
            {
                step = await DecideLaterAsync();
            }

            if (step == LaneStep.Continue)
            {
                step = _forwards ? await _forward.RunAsync() : await _forward.SkipBodyAsync(_closes);
                _progress++;
            }

            _isBusy = false;
            if (!await _output.FlushAsync())
            {
                return false;
            }

            if (step is LaneStep.HandOver or LaneStep.Close)
            {
                // While the loop ends, nobody takes connections over: such a request is not answered, and its client sends it again.
                return step == LaneStep.HandOver && !_loop.Loop.IsClosing;
            }

            if (_closing)
            {
                return false;
            }
        }
    }

    // The request that is there next: read, decided, and made ready to be forwarded, or refused.
    private LaneStep Take()
    {
        if (_input.Length == 0)
        {
            return LaneStep.Read;
        }

        switch (_request.Read(_input.Sequence, out var length))
        {
            case LaneReading.Incomplete:
                return LaneStep.Read;
            case LaneReading.Unusual:
                return LaneStep.HandOver;
        }

        var turn = _lane.Take(_incoming, _trusts, out _pending);
        if (turn == LaneTurn.Server)
        {
            return LaneStep.HandOver;
        }

        _isBusy = true;
        _expired = false;
        NotePart(isPartial: false);
        _input.Consume(length);
        if (turn == LaneTurn.Waits)
        {
            return LaneStep.Wait;
        }

        Decide(_pending.Result);
        return LaneStep.Continue;
    }

    private void Decide(in Caller caller)
    {
        var decided = _lane.Decide(_incoming, caller, _target);
        _closes = _request.WantsClose || _closing || _lane.IsPaused;
        _forwards = decided.Decision.IsAdmitted;
        if (_forwards)
        {
            _forward.Begin(decided, _target.Bytes, _trusts, _closes);
        }
        else
        {
            _lane.Answers.RefuseForwarded(_output, decided, _request.IsHead, _closes, warns: false);
        }
    }

    // The caller was never seen before: what verifies it burns on another thread, while this one goes on with other connections.
    private async ValueTask<LaneStep> DecideLaterAsync()
    {
        var caller = await _pending.ConfigureAwait(false);
        await _loop.Loop.Enter();
        Decide(caller);
        return LaneStep.Continue;
    }

    private LaneStep AtRest()
    {
        if (_closing)
        {
            return LaneStep.Close;
        }

        if (_expired)
        {
            if (_isPartial)
            {
                _lane.Answers.TellTimeout(_output);
            }

            return LaneStep.Close;
        }

        // Of half a request the server says what is wrong with it.
        return !_input.HasEnded ? LaneStep.Read : _isPartial ? LaneStep.HandOver : LaneStep.Close;
    }

    // The time of a head runs from its first part: further ones are no progress.
    private void NotePart(bool isPartial)
    {
        if (isPartial != _isPartial)
        {
            _isPartial = isPartial;
            _progress++;
        }
    }
}
