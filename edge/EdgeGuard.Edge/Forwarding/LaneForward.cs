using System.Buffers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using EdgeGuard.Edge.Exchanges;
using EdgeGuard.Edge.Lane;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Throttling;
using EdgeGuard.Edge.Usage;
using EdgeGuard.Engine.Decide;
using Microsoft.AspNetCore.Connections;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>
/// Forwards one admitted request after the other of a client's connection: sends it, passes the answer on, and ends what was admitted, however it goes. Everything is
/// written by the one loop of the connection, but for a body that is still coming in: <see cref="RequestUpload"/> sends that meanwhile.
/// </summary>
internal sealed class LaneForward : IDisposable
{
    /// <summary>How long a body that nobody wants any more is read; the server's own time.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(5);

    /// <summary>How long connecting may take; as on the YARP path.</summary>
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(15);

    private readonly ProxyLane _lane;
    private readonly ConnectionContext _connection;
    private readonly LaneRequest _request;
    private readonly RequestHead _writer;
    private readonly LaneExchange _exchange;
    private readonly ResponseHead _head = new();
    private readonly Patience _patience;
    private readonly AnswerBody _body;
    private readonly Lock _gate = new();
    private byte[] _sent = new byte[2048];
    private int _length;
    private UpstreamDestination? _destination;
    private TimeSpan _limit;
    private UpstreamConnection? _upstream;
    private CancellationTokenSource? _connecting;
    private ForwardFailure _stopped;
    private bool _draining;
    private bool _received;
    private bool _answered;
    private bool _close;
    private Task _uploading = Task.CompletedTask;

    public LaneForward(ProxyLane lane, ConnectionContext connection, LaneHead head, RequestHead writer, LaneOutput output, TimeProvider time)
    {
        _lane = lane;
        _connection = connection;
        _request = head.Request;
        _writer = writer;
        Output = output;
        Upload = new RequestUpload(connection.Transport.Input, time);
        _exchange = new LaneExchange(head, connection.ConnectionClosed, () => Stop(ForwardFailure.Killed));
        _patience = new Patience(time, Expire);
        _body = new AnswerBody(output, _patience);
    }

    /// <summary>What the client gets.</summary>
    public LaneOutput Output { get; }

    /// <summary>The body under way.</summary>
    public RequestUpload Upload { get; }

    /// <summary>Takes on a request that was admitted, with as much of its body as has arrived when that is all.</summary>
    public void Begin(in DecidedRequest decided, ReadOnlySpan<byte> target, bool trusts, bool close, ref ReadOnlySequence<byte> arrived)
    {
        _exchange.Start(decided);
        lock (_gate)
        {
            (_stopped, _draining, _received, _answered, _close) = (ForwardFailure.None, false, false, false, close);
        }

        _destination = _lane.Pool.Choose(ProxyLane.ClusterOf(decided), out _limit);
        _uploading = Task.CompletedTask;
        Upload.Begin(_request);
        var prefix = _destination?.Prefix ?? [];
        var room = _writer.Room(_request, target, prefix, decided) + (int)Math.Min(_request.BodyLength, LaneRequest.MaxBodyBytes);
        if (_sent.Length < room)
        {
            _sent = new byte[room];
        }

        var plain = _lane.Usage.Begin(_exchange) && !RefusesIdentity();
        _length = _writer.Write(_sent, _request, target, prefix, decided, trusts, plain);
        if (_request.BodyLength is > 0 and <= LaneRequest.MaxBodyBytes && Upload.TryTakeWhole(ref arrived, _sent.AsSpan(_length)))
        {
            _length += (int)_request.BodyLength;
        }
    }

    /// <summary>Forwards it, and says how the connection goes on; what was answered is written, not all of it sent.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<LaneStep> RunAsync()
    {
        _lane.Exchanges.Enter(_exchange);
        var failure = ForwardFailure.Unreachable;
        try
        {
            failure = _exchange.Decided.Decision.DelayMilliseconds > 0 || _stopped != ForwardFailure.None || _connection.ConnectionClosed.IsCancellationRequested
                ? await WaitAsync()
                : ForwardFailure.None;
            if (failure == ForwardFailure.None)
            {
                failure = await ForwardAsync();
                _exchange.Outcome = OutcomeOf(failure);
            }
        }
        finally
        {
            _patience.End();
            Detach(failure == ForwardFailure.None);
            _lane.Exchanges.End(_exchange);
        }

        var step = failure == ForwardFailure.None ? LaneStep.Continue : Fail(failure);
        if (Upload.End == UploadEnd.Open)
        {
            return await DrainAsync(step);
        }

        return _close && step == LaneStep.Continue ? LaneStep.Close : step;
    }

    /// <summary>Reads the body of a request that is not forwarded to its end.</summary>
    public ValueTask<LaneStep> SkipBodyAsync(bool close)
    {
        Upload.Begin(_request);
        (_close, _draining, _uploading) = (close, false, Task.CompletedTask);
        return Upload.End == UploadEnd.Open ? DrainAsync(LaneStep.Continue) : new(close ? LaneStep.Close : LaneStep.Continue);
    }

    /// <summary>The client has gone away.</summary>
    public void Abandon() => Stop(ForwardFailure.ClientGone);

    /// <inheritdoc />
    public void Dispose() => _patience.Dispose();

    private bool RefusesIdentity()
    {
        for (var i = 0; i < _request.Count; i++)
        {
            if (_request.NameAt(i).Equals("Accept-Encoding", StringComparison.OrdinalIgnoreCase))
            {
                return UsageWatch.RefusesIdentity(_request.ValueAt(i).ToString());
            }
        }

        return false;
    }

    private void Expire(long turn)
    {
        UpstreamConnection? upstream = null;
        lock (_gate)
        {
            if (turn != _patience.Turn)
            {
                return;
            }

            if (_draining)
            {
                Upload.Cancel();
            }
            else
            {
                upstream = Note(ForwardFailure.TimedOut);
            }
        }

        upstream?.Dispose();
    }

    // Whatever is waited for ends: the connection to the upstream is closed.
    private void Stop(ForwardFailure why)
    {
        UpstreamConnection? upstream;
        lock (_gate)
        {
            upstream = Note(why);
        }

        upstream?.Dispose();
    }

    private UpstreamConnection? Note(ForwardFailure why)
    {
        _stopped = _stopped == ForwardFailure.None ? why : _stopped;
        _connecting?.Cancel();
        return _upstream;
    }

    private bool TryAttach(UpstreamConnection upstream)
    {
        lock (_gate)
        {
            _upstream = upstream;
            return _stopped == ForwardFailure.None;
        }
    }

    // A connection that carried its request to the end, and whose upstream keeps it, is kept.
    private void Detach(bool isWhole)
    {
        UpstreamConnection? upstream;
        lock (_gate)
        {
            upstream = _upstream;
            _upstream = null;
            isWhole &= _stopped == ForwardFailure.None;
        }

        if (upstream is null)
        {
            return;
        }

        if (isWhole && !_head.Closes && upstream.Unread.IsEmpty && Upload.End == UploadEnd.Whole && _uploading.IsCompleted)
        {
            _destination!.Return(upstream);
        }
        else
        {
            upstream.Dispose();
        }
    }

    private async ValueTask<ForwardFailure> WaitAsync()
    {
        var delay = _exchange.Decided.Decision.DelayMilliseconds;
        var result = delay > 0 ? await _lane.Throttle.WaitAsync(delay, _exchange.Stopped) : ThrottleResult.Stopped;
        return result switch
        {
            ThrottleResult.Waited => ForwardFailure.None,
            ThrottleResult.Shed => ForwardFailure.Shed,
            _ => _exchange.IsKilled(out _) ? ForwardFailure.Killed : ForwardFailure.ClientGone,
        };
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ForwardFailure> ForwardAsync()
    {
        _lane.Exchanges.Forward(_exchange);
        if (_destination is not { } destination)
        {
            return ForwardFailure.NoDestination;
        }

        destination.Enter();
        try
        {
            var failure = await AttemptAsync(destination, destination.TryRent());
            if (failure == ForwardFailure.Again)
            {
                _lane.Pool.CountRetried();
                failure = await AttemptAsync(destination, null);
            }

            return failure;
        }
        finally
        {
            destination.Leave();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ForwardFailure> AttemptAsync(UpstreamDestination destination, UpstreamConnection? upstream)
    {
        var sent = 0;
        try
        {
            upstream ??= await ConnectAsync(destination);
            if (!TryAttach(upstream))
            {
                return _stopped;
            }

            while (sent < _length)
            {
                sent += await upstream.SendAsync(_sent.AsMemory(sent, _length - sent));
            }

            BeginWait(upstream);
            return await AnswerAsync(upstream);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            return Why(upstream, sent);
        }
    }

    private void BeginWait(UpstreamConnection upstream)
    {
        if (Upload.End == UploadEnd.Open)
        {
            _uploading = Upload.RunAsync(upstream, _patience, _limit);
        }
        else
        {
            _patience.Begin(_limit);
        }
    }

    private ForwardFailure Why(UpstreamConnection? upstream, int sent)
    {
        lock (_gate)
        {
            if (_stopped != ForwardFailure.None)
            {
                return _stopped;
            }

            switch (Upload.End)
            {
                case UploadEnd.ClientGone:
                    return ForwardFailure.ClientGone;
                case UploadEnd.Malformed or UploadEnd.TooSlow:
                    return ForwardFailure.BadBody;
            }

            // RFC 9110 section 9.2.2. A body that has begun to go up cannot be sent twice.
            var isNew = _uploading.IsCompleted && (sent == 0 || (_request.IsIdempotent && _request.BodyLength == 0 && !_request.IsChunked));
            if (upstream is not { IsReused: true } || _received || !isNew)
            {
                return ForwardFailure.Unreachable;
            }

            _upstream = null;
        }

        upstream.Dispose();
        return ForwardFailure.Again;
    }

    private async ValueTask<UpstreamConnection> ConnectAsync(UpstreamDestination destination)
    {
        using var limit = new CancellationTokenSource(_limit < ConnectLimit ? _limit : ConnectLimit, _lane.Time);
        lock (_gate)
        {
            _connecting = limit;
            if (_stopped != ForwardFailure.None)
            {
                limit.Cancel();
            }
        }

        try
        {
            _lane.Pool.CountOpened();
            return await destination.ConnectAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Stop(ForwardFailure.TimedOut);
            throw;
        }
        finally
        {
            lock (_gate)
            {
                _connecting = null;
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ForwardFailure> AnswerAsync(UpstreamConnection upstream)
    {
        int length;
        while (!TryReadHead(upstream, out length))
        {
            var received = length < 0 ? 0 : await upstream.ReceiveAsync();
            if (received == 0)
            {
                return Why(upstream, _length);
            }

            _received = true;
            upstream.Receive(received);
        }

        _answered = true;
        var scanner = Answer(upstream, length);
        if (_head.Framing == BodyFraming.None)
        {
            return ForwardFailure.None;
        }

        return await _body.PassAsync(upstream, _head, scanner) switch
        {
            AnswerEnd.Whole => ForwardFailure.None,
            AnswerEnd.ClientGone => ForwardFailure.ClientGone,
            _ => Why(upstream, _length),
        };
    }

    // Passes interim answers on. A length of -1 says that what came is no answer.
    private bool TryReadHead(UpstreamConnection upstream, out int length)
    {
        while (true)
        {
            switch (_head.Read(upstream.Unread, _request.IsHead, out length))
            {
                case HeadReading.Incomplete:
                    length = 0;
                    return false;
                case HeadReading.Malformed:
                case HeadReading.Whole when _head.Status == StatusCodes.Status101SwitchingProtocols:
                    length = -1;
                    return false;
            }

            if (!_head.IsInterim)
            {
                return true;
            }

            // Nobody has asked for "100 Continue": such requests go the YARP path.
            if (_head.Status != StatusCodes.Status100Continue)
            {
                _lane.Heads.WriteInterim(Output.Pipe, _head, upstream.Unread[..length]);
            }

            upstream.Consume(length);
        }
    }

    private IUsageScanner? Answer(UpstreamConnection upstream, int length)
    {
        var head = upstream.Unread[..length];
        _head.TryFind(head, "content-type"u8, out var type);
        var media = type.IndexOf((byte)';') is >= 0 and var end ? type[..end].TrimEnd((byte)' ') : type;
        _lane.Exchanges.Answer(_exchange, isEventStream: media.SequenceEqual("text/event-stream"u8));
        IUsageScanner? scanner = null;
        if (_exchange.WantsUsage && _head.Status is >= 200 and < 300)
        {
            var isCoded = _head.TryFind(head, "content-encoding"u8, out var coding) && !System.Text.Ascii.EqualsIgnoreCase(coding, "identity"u8);
            scanner = UsageWatch.ScannerOf(_exchange, isCoded, System.Text.Encoding.Latin1.GetString(media));
        }

        _close |= _lane.IsPaused;
        _lane.Heads.Write(Output.Pipe, _head, head, _exchange.Decided, _close);
        upstream.Consume(length);
        return scanner;
    }

    private ExchangeOutcome OutcomeOf(ForwardFailure failure) => failure switch
    {
        ForwardFailure.None => _head.Status switch
        {
            StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout => ExchangeOutcome.Overloaded,
            >= StatusCodes.Status400BadRequest => ExchangeOutcome.Failed,
            _ => ExchangeOutcome.Answered,
        },
        ForwardFailure.NoDestination => ExchangeOutcome.NotForwarded,
        ForwardFailure.ClientGone or ForwardFailure.Killed or ForwardFailure.BadBody => ExchangeOutcome.Abandoned,
        _ => _answered ? ExchangeOutcome.BrokenOff : ExchangeOutcome.Unreachable,
    };

    // Answers in the upstream's place, unless it has begun: then only the end of the connection can tell.
    private LaneStep Fail(ForwardFailure failure)
    {
        if (_answered || failure == ForwardFailure.ClientGone)
        {
            if (failure is ForwardFailure.Killed or ForwardFailure.BadBody)
            {
                _connection.Abort(new ConnectionAbortedException("The request was ended."));
            }

            return LaneStep.Close;
        }

        var decided = _exchange.Decided;
        switch (failure)
        {
            case ForwardFailure.BadBody:
                _lane.Answers.TellProblem(
                    Output.Pipe, Upload.End == UploadEnd.TooSlow ? StatusCodes.Status408RequestTimeout : StatusCodes.Status400BadRequest);
                return LaneStep.Close;
            case ForwardFailure.Killed when _exchange.IsKilled(out var kill):
                _lane.Refuse(Output.Pipe, kill, kill.Decision, _request.IsHead, _close, warns: false);
                break;
            case ForwardFailure.Shed:
                _lane.Refuse(Output.Pipe, decided, ThrottleGate.Refusal(decided.Decision), _request.IsHead, _close, warns: false);
                break;
            default:
                var status = failure == ForwardFailure.TimedOut ? StatusCodes.Status504GatewayTimeout : StatusCodes.Status502BadGateway;
                _lane.Refuse(Output.Pipe, decided, ProxyLane.Unavailable(decided.Decision, status), _request.IsHead, _close, warns: true);
                break;
        }

        return LaneStep.Continue;
    }

    // An answer, or a refusal, before the whole body has come: the rest is dropped, a while, to keep the connection.
    private async ValueTask<LaneStep> DrainAsync(LaneStep step)
    {
        Upload.Discard();
        if (step != LaneStep.Close && !await Output.FlushAsync())
        {
            step = LaneStep.Close;
        }

        lock (_gate)
        {
            _draining = true;
        }

        if (step == LaneStep.Close)
        {
            Upload.Cancel();
        }
        else
        {
            _patience.Begin(DrainLimit);
        }

        if (_uploading.IsCompleted && Upload.End == UploadEnd.Open)
        {
            _uploading = Upload.RunAsync(null, _patience, _limit);
        }

        await _uploading;
        _patience.End();
        return Upload.End == UploadEnd.Whole && !_close ? step : LaneStep.Close;
    }
}
