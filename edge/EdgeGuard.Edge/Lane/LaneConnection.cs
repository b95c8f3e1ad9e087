using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Identity;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace EdgeGuard.Edge.Lane;

/// <summary>
/// One connection of the lane. Answers what is there, in order and as far as the client takes the answers; on the first request that the lane
/// does not answer the server takes the connection over, with that request untouched, and keeps it.
/// </summary>
internal sealed class LaneConnection
{
    /// <summary>How long a connection may be idle; the server's own time.</summary>
    public static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(130);

    /// <summary>How long a head may take to arrive, however evenly its parts do; the server's own time.</summary>
    public static readonly TimeSpan HeadLimit = TimeSpan.FromSeconds(30);

    /// <summary>How long a client may take no answers.</summary>
    public static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(30);

    /// <summary>Answers are sent when there are so many bytes of them, if more requests are there.</summary>
    private const int MaxUnsent = 16 * 1024;

    private readonly DecisionLane _lane;
    private readonly ConnectionContext _connection;
    private readonly PipeReader _input;
    private readonly PipeWriter _output;
    private readonly TimeProvider _time;
    private readonly LaneRequest _request = new();
    private readonly LaneIncoming _incoming;
    private readonly Lock _gate = new();
    private volatile bool _left;
    private volatile bool _closing;
    private volatile bool _expired;
    private volatile bool _isPartial;
    private volatile bool _isSending;
    private volatile bool _isWaiting;
    private ValueTask<Caller> _pending;
    private int _progress;
    private int _seenProgress;
    private long _examined;
    private long _since;

    public LaneConnection(DecisionLane lane, ConnectionContext connection, TimeProvider time)
    {
        _lane = lane;
        _connection = connection;
        _input = connection.Transport.Input;
        _output = connection.Transport.Output;
        _time = time;
        _since = time.GetTimestamp();
        var peer = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        _incoming = lane.Incoming(peer is null ? null : TrustedProxies.Unmapped(peer), _request, connection.ConnectionClosed);
    }

    /// <summary>Serves the connection to its end.</summary>
    public async Task RunAsync(ConnectionDelegate server)
    {
        _connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(static state => ((LaneConnection)state).Look(), this);
        var stop = _connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        bool handOver;
        await using (stop.UnsafeRegister(static state => ((LaneConnection)state!).Close(), this))
        {
            try
            {
                handOver = await ServeAsync();
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException)
            {
                // The client has hung up.
                handOver = false;
            }

            Leave();
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
            var progress = Volatile.Read(ref _progress);
            if (_left || _isWaiting || progress != _seenProgress)
            {
                _seenProgress = progress;
                _since = _time.GetTimestamp();
                return;
            }

            var elapsed = _time.GetElapsedTime(_since);
            if (_isSending)
            {
                if (elapsed >= SendLimit)
                {
                    _connection.Abort(new ConnectionAbortedException("The client takes no answers."));
                }
            }
            else if (elapsed >= (_isPartial ? HeadLimit : IdleLimit))
            {
                _expired = true;
                _input.CancelPendingRead();
            }
        }
    }

    private void Close()
    {
        lock (_gate)
        {
            if (!_left)
            {
                _closing = true;
                _input.CancelPendingRead();
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
            var rest = result.Buffer;
            var step = Answer(ref rest);
            if (step == LaneStep.Read)
            {
                NotePart(!rest.IsEmpty);
                step = AtRest(result.IsCompleted);
            }

            Advance(result.Buffer, rest, waits: step == LaneStep.Read);
            if (_output.UnflushedBytes > 0)
            {
                // Not in a method of its own, whose state would be allocated for each batch of answers that the client does not take at once.
                _isSending = true;
                var sent = await _output.FlushAsync();
                _isSending = false;
                _progress++;
                if (sent.IsCompleted)
                {
                    return false;
                }
            }

            if (step == LaneStep.Wait)
            {
                step = await FinishAsync();
            }

            if (step is LaneStep.HandOver or LaneStep.Close)
            {
                return step == LaneStep.HandOver;
            }
        }
    }

    // Writes and sends the answer that had to wait for its caller.
    private async ValueTask<LaneStep> FinishAsync()
    {
        bool close;
        _isWaiting = true;
        try
        {
            var caller = await _pending;
            close = MustClose;
            _lane.Finish(_incoming, caller, _output, close);
        }
        catch (Exception failure) when (!_connection.ConnectionClosed.IsCancellationRequested)
        {
            _lane.TellFailure(_output, failure);
            close = true;
        }

        _isSending = true;
        _isWaiting = false;
        var sent = await _output.FlushAsync();
        _isSending = false;
        _progress++;
        return close || sent.IsCompleted ? LaneStep.Close : LaneStep.Continue;
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
                _lane.TellTimeout(_output);
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
            _progress++;
        }
    }

    private bool MustClose => _request.WantsClose || _closing || _lane.IsPaused;

    // What cannot be decided on is not let pass.
    private LaneTurn Take(ref bool close)
    {
        try
        {
            return _lane.Take(_incoming, _output, close, out _pending);
        }
        catch (Exception failure) when (failure is not (IOException or OperationCanceledException))
        {
            _lane.TellFailure(_output, failure);
            close = true;
            return LaneTurn.Answered;
        }
    }

    private LaneStep Answer(ref ReadOnlySequence<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            switch (_request.Read(rest, out var length))
            {
                case LaneReading.Incomplete:
                    return LaneStep.Read;
                case LaneReading.Unusual:
                    return LaneStep.HandOver;
            }

            var close = MustClose;
            var turn = Take(ref close);
            if (turn == LaneTurn.Server)
            {
                return LaneStep.HandOver;
            }

            _expired = false;
            _progress++;
            rest = rest.Slice(length);
            if (turn == LaneTurn.Waits)
            {
                return LaneStep.Wait;
            }

            if (close)
            {
                return LaneStep.Close;
            }

            if (_output.UnflushedBytes > MaxUnsent)
            {
                return LaneStep.Continue;
            }
        }

        return LaneStep.Read;
    }
}
