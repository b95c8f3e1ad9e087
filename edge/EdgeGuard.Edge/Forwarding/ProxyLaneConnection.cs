using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using EdgeGuard.Edge.Lane;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Identity;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>
/// One connection of the proxy lane: requests are forwarded in order, the next one when the one before has been answered. On the first request that the lane does
/// not take the server takes the connection over, with that request untouched, and keeps it.
/// </summary>
internal sealed class ProxyLaneConnection : IDisposable
{
    private readonly ProxyLane _lane;
    private readonly ConnectionContext _connection;
    private readonly PipeReader _input;
    private readonly TimeProvider _time;
    private readonly LaneRequest _request = new(forwards: true);
    private readonly ForwardIncoming _incoming;
    private readonly bool _trusts;
    private readonly TargetBuffer _target = new();
    private readonly LaneOutput _output;
    private readonly LaneForward _forward;
    private readonly Lock _gate = new();
    private volatile bool _left;
    private volatile bool _closing;
    private volatile bool _expired;
    private volatile bool _isPartial;
    private volatile bool _isBusy;
    private ValueTask<Caller> _pending;
    private bool _forwards;
    private bool _closes;
    private int _progress;
    private int _seenProgress;
    private long _examined;
    private long _since;

    public ProxyLaneConnection(ProxyLane lane, ConnectionContext connection, TimeProvider time)
    {
        _lane = lane;
        _connection = connection;
        _input = connection.Transport.Input;
        _time = time;
        _since = time.GetTimestamp();
        var peer = (connection.RemoteEndPoint as IPEndPoint)?.Address is { } address ? TrustedProxies.Unmapped(address) : null;
        _incoming = lane.Incoming(peer, _request, connection.ConnectionClosed);
        _trusts = lane.Trusts(peer);
        _output = new LaneOutput(connection.Transport.Output);
        var text = peer?.ToString() ?? string.Empty;
        var node = peer?.AddressFamily == AddressFamily.InterNetworkV6 ? $"\"[{text}]\"" : text;
        _forward = new LaneForward(lane, connection, _incoming.Received, new RequestHead(text, node), _output, time);
    }

    /// <summary>Serves the connection to its end.</summary>
    public async Task RunAsync(ConnectionDelegate server)
    {
        _connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(static state => ((ProxyLaneConnection)state).Look(), this);
        var stop = _connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        var handOver = false;
        await using (stop.UnsafeRegister(static state => ((ProxyLaneConnection)state!).Close(), this))
        await using (_connection.ConnectionClosed.UnsafeRegister(static state => ((LaneForward)state!).Abandon(), _forward))
        {
            try
            {
                handOver = await ServeAsync();
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException)
            {
                // The client has hung up.
            }
            catch (Exception failure) when (!_connection.ConnectionClosed.IsCancellationRequested)
            {
                // What cannot be decided on is not let pass.
                _lane.TellFailure(_output.Pipe, failure);
                _ = await _output.FlushAsync();
            }
            finally
            {
                Leave();
            }
        }

        if (!handOver)
        {
            return;
        }

        // A wake-up that came too late to be seen here would be taken for an end by the server.
        if ((_expired || _closing) && _input.TryRead(out var late))
        {
            Advance(late.Buffer, late.Buffer, waits: false);
        }

        // What the server runs may block; the transport's thread has other connections to serve.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await server(_connection);
    }

    /// <summary>Once a second: ends what takes too long.</summary>
    public void Look()
    {
        lock (_gate)
        {
            var progress = Volatile.Read(ref _progress) + _output.Progress;
            if (_left || progress != _seenProgress)
            {
                _seenProgress = progress;
                _since = _time.GetTimestamp();
            }
            else if (_output.IsSending)
            {
                if (_time.GetElapsedTime(_since) >= LaneSession.SendLimit)
                {
                    _connection.Abort(new ConnectionAbortedException("The client takes no answers."));
                }
            }
            else if (_isBusy)
            {
                // Times of its own end what waits for an upstream.
                _since = _time.GetTimestamp();
                _forward.Upload.Look();
            }
            else if (_time.GetElapsedTime(_since) >= (_isPartial ? LaneSession.HeadLimit : LaneSession.IdleLimit))
            {
                _expired = true;
                _input.CancelPendingRead();
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => _forward.Dispose();

    private void Close()
    {
        lock (_gate)
        {
            if (!_left)
            {
                _closing = true;
                if (!_isBusy)
                {
                    _input.CancelPendingRead();
                }
            }
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            _left = true;
        }
    }

    // Whether the server is to go on.
    private async ValueTask<bool> ServeAsync()
    {
        while (true)
        {
            var result = await _input.ReadAsync();
            var step = Take(result, out var rest);
            if (step == LaneStep.Read)
            {
                NotePart(!rest.IsEmpty);
                step = AtRest(result.IsCompleted);
            }

            Advance(result.Buffer, rest, waits: step == LaneStep.Read);
            if (step == LaneStep.Wait)
            {
                step = await DecideLaterAsync();
            }

            if (step == LaneStep.Continue)
            {
                step = _forwards ? await _forward.RunAsync() : await _forward.SkipBodyAsync(_closes);
                Volatile.Write(ref _progress, _progress + 1);
            }

            SetBusy(false);
            if (!await _output.FlushAsync())
            {
                return false;
            }

            if (step is LaneStep.HandOver or LaneStep.Close)
            {
                return step == LaneStep.HandOver;
            }

            if (_closing && step != LaneStep.Read)
            {
                return false;
            }
        }
    }

    // The request that is there next: read, decided, and made ready to be forwarded, or refused.
    private LaneStep Take(in ReadResult result, out ReadOnlySequence<byte> rest)
    {
        rest = result.Buffer;
        if (rest.IsEmpty)
        {
            return LaneStep.Read;
        }

        switch (_request.Read(rest, out var length))
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

        SetBusy(true);
        _expired = false;
        NotePart(isPartial: false);
        rest = rest.Slice(length);
        if (turn == LaneTurn.Waits)
        {
            return LaneStep.Wait;
        }

        Decide(_pending.Result, ref rest);
        return LaneStep.Continue;
    }

    private void Decide(in Caller caller, ref ReadOnlySequence<byte> rest)
    {
        var decided = _lane.Decide(_incoming, caller, _target);
        _closes = _request.WantsClose || _closing || _lane.IsPaused;
        _forwards = decided.Decision.IsAdmitted;
        if (_forwards)
        {
            _forward.Begin(decided, _target.Bytes, _trusts, _closes, ref rest);
        }
        else
        {
            _lane.Answers.RefuseForwarded(_output.Pipe, decided, _request.IsHead, _closes, warns: false);
        }
    }

    // The caller was never seen before; what came behind the head stays where it is.
    private async ValueTask<LaneStep> DecideLaterAsync()
    {
        var caller = await _pending;
        var nothing = ReadOnlySequence<byte>.Empty;
        Decide(caller, ref nothing);
        return LaneStep.Continue;
    }

    private LaneStep AtRest(bool isLast)
    {
        if (_closing)
        {
            return LaneStep.Close;
        }

        if (_expired)
        {
            if (_isPartial)
            {
                _lane.Answers.TellTimeout(_output.Pipe);
            }

            return LaneStep.Close;
        }

        // Of half a request the server says what is wrong with it.
        return !isLast ? LaneStep.Read : _isPartial ? LaneStep.HandOver : LaneStep.Close;
    }

    // What was not examined is there again at the next read, whoever reads. What was examined by an earlier read stays so: the pipe wants it.
    private void Advance(in ReadOnlySequence<byte> all, in ReadOnlySequence<byte> rest, bool waits)
    {
        _examined = waits ? rest.Length : Math.Max(0, _examined - (all.Length - rest.Length));
        _input.AdvanceTo(rest.Start, rest.GetPosition(_examined));
    }

    // The time of a head runs from its first part: further ones are no progress.
    private void NotePart(bool isPartial)
    {
        if (isPartial != _isPartial)
        {
            _isPartial = isPartial;
            Volatile.Write(ref _progress, _progress + 1);
        }
    }

    private void SetBusy(bool isBusy)
    {
        lock (_gate)
        {
            _isBusy = isBusy;
        }
    }
}
