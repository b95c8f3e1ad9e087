using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using EdgeGuard.Edge.Lane;
using EdgeGuard.Edge.Usage;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>
/// Sends one request after the other to an upstream and passes the answers on. Stopped from other threads, by a kill switch, by a client that goes away and by time:
/// then the upstream's connection is closed, and whatever waits for it ends.
/// </summary>
internal sealed class UpstreamCall : IDisposable
{
    /// <summary>How long connecting may take; as on the YARP path.</summary>
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(15);

    private readonly ProxyLane _lane;
    private readonly LaneRequest _request;
    private readonly LaneExchange _exchange;
    private readonly RequestUpload _upload;
    private readonly LaneOutput _output;
    private readonly ResponseHead _head = new();
    private readonly AnswerBody _body;
    private readonly Lock _gate = new();
    private ReadOnlyMemory<byte> _bytes;
    private TimeSpan _limit;
    private UpstreamDestination? _destination;
    private UpstreamConnection? _upstream;
    private CancellationTokenSource? _connecting;
    private ForwardFailure _stopped;
    private bool _received;
    private bool _close;

    public UpstreamCall(ProxyLane lane, LaneRequest request, LaneExchange exchange, RequestUpload upload, LaneOutput output)
    {
        _lane = lane;
        _request = request;
        _exchange = exchange;
        _upload = upload;
        _output = output;
        Patience = new Patience(lane.Time, Expire);
        _body = new AnswerBody(output, Patience);
    }

    /// <summary>Bounds what is waited for.</summary>
    public Patience Patience { get; }

    /// <summary>Why it was stopped.</summary>
    public ForwardFailure Stopped
    {
        get
        {
            lock (_gate)
            {
                return _stopped;
            }
        }
    }

    /// <summary>Whether the upstream's answer has begun to be passed on.</summary>
    public bool Answered { get; private set; }

    /// <summary>Status of the answer.</summary>
    public int Status => _head.Status;

    /// <summary>Whether the client's connection ends with the answer.</summary>
    public bool Closes => _close;

    /// <summary>The body's own way up; completed when there is none.</summary>
    public Task Uploading { get; private set; } = Task.CompletedTask;

    /// <summary>Takes on a request.</summary>
    /// <param name="destination">Where it goes, or null when there is nowhere.</param>
    /// <param name="limit">How long the upstream may take to begin its answer.</param>
    /// <param name="close">Whether the client's connection ends with the answer.</param>
    public void Begin(UpstreamDestination? destination, TimeSpan limit, bool close)
    {
        lock (_gate)
        {
            _stopped = ForwardFailure.None;
            (_destination, _limit, _close) = (destination, limit, close);
            (_received, Answered, Uploading) = (false, false, Task.CompletedTask);
        }
    }

    /// <summary>Sends it, and passes the answer on; of that, all is written, not all of it sent.</summary>
    /// <param name="bytes">Its head, with its body when that is there.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ForwardFailure> RunAsync(ReadOnlyMemory<byte> bytes)
    {
        if (_destination is not { } destination)
        {
            return ForwardFailure.NoDestination;
        }

        _bytes = bytes;
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

    /// <summary>Reads on what nobody wants any more.</summary>
    public Task DropBodyAsync()
    {
        if (Uploading.IsCompleted && _upload.End == UploadEnd.Open)
        {
            Uploading = _upload.RunAsync(null, Patience, _limit);
        }

        return Uploading;
    }

    /// <summary>Ends whatever is waited for.</summary>
    public void Stop(ForwardFailure why)
    {
        UpstreamConnection? upstream;
        lock (_gate)
        {
            upstream = Note(why);
        }

        upstream?.Dispose();
    }

    /// <summary>Lets the upstream's connection go: one that carried its request to the end, and that the upstream keeps, is kept.</summary>
    public void Release(bool isWhole)
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

        if (isWhole && !_head.Closes && upstream.Unread.IsEmpty && _upload.End == UploadEnd.Whole && Uploading.IsCompleted)
        {
            _destination!.Return(upstream);
        }
        else
        {
            upstream.Dispose();
        }
    }

    /// <inheritdoc />
    public void Dispose() => Patience.Dispose();

    private void Expire(long turn)
    {
        UpstreamConnection? upstream = null;
        lock (_gate)
        {
            if (turn != Patience.Turn)
            {
                return;
            }

            if (_upload.IsDropped)
            {
                _upload.Cancel();
            }
            else
            {
                upstream = Note(ForwardFailure.TimedOut);
            }
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

            while (sent < _bytes.Length)
            {
                sent += await upstream.SendAsync(_bytes[sent..]);
            }

            BeginWait(upstream);
            return await AnswerAsync(upstream);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            return Why(upstream, sent);
        }
        catch (IOException)
        {
            // Of the client's pipe; a socket has other exceptions.
            return ForwardFailure.ClientGone;
        }
    }

    private void BeginWait(UpstreamConnection upstream)
    {
        if (_upload.End == UploadEnd.Open)
        {
            Uploading = _upload.RunAsync(upstream, Patience, _limit);
        }
        else
        {
            Patience.Begin(_limit);
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

            switch (_upload.End)
            {
                case UploadEnd.ClientGone:
                    return ForwardFailure.ClientGone;
                case UploadEnd.Malformed or UploadEnd.TooSlow:
                    return ForwardFailure.BadBody;
            }

            // RFC 9110 section 9.2.2. A body that has begun to go up cannot be sent twice.
            var isNew = Uploading.IsCompleted && (sent == 0 || (_request.IsIdempotent && _request.BodyLength == 0 && !_request.IsChunked));
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
                return Why(upstream, _bytes.Length);
            }

            _received = true;
            upstream.Receive(received);
        }

        Answered = true;
        var scanner = Answer(upstream, length);
        if (_head.Framing == BodyFraming.None)
        {
            return ForwardFailure.None;
        }

        return await _body.PassAsync(upstream, _head, scanner) switch
        {
            AnswerEnd.Whole => ForwardFailure.None,
            AnswerEnd.ClientGone => ForwardFailure.ClientGone,
            _ => Why(upstream, _bytes.Length),
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
                _lane.Heads.WriteInterim(_output.Pipe, _head, upstream.Unread[..length]);
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
            var isCoded = _head.TryFind(head, "content-encoding"u8, out var coding) && !Ascii.EqualsIgnoreCase(coding, "identity"u8);
            scanner = UsageWatch.ScannerOf(_exchange, isCoded, Encoding.Latin1.GetString(media));
        }

        _close |= _lane.IsPaused;
        _lane.Heads.Write(_output.Pipe, _head, head, _exchange.Decided, _close);
        upstream.Consume(length);
        return scanner;
    }
}
