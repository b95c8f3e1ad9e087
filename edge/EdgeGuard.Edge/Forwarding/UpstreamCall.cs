using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using EdgeGuard.Edge.Lane;
using EdgeGuard.Edge.Usage;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>
/// Sends one request after the other to an upstream and passes the answers on. Stopped by a kill switch, by a client that goes away and by time: then the upstream's
/// connection is closed, and whatever waits for it ends. Used on the loop's thread only.
/// </summary>
internal sealed class UpstreamCall : IDisposable
{
    /// <summary>How long connecting may take; as on the YARP path.</summary>
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(15);

    private readonly ForwardLoop _loop;
    private readonly ProxyLane _lane;
    private readonly LaneRequest _request;
    private readonly LaneExchange _exchange;
    private readonly RequestUpload _upload;
    private readonly LaneOutput _output;
    private readonly ResponseHead _head = new();
    private readonly AnswerBody _body;
    private ReadOnlyMemory<byte> _bytes;
    private TimeSpan _limit;
    private UpstreamDestination? _destination;
    private UpstreamConnection? _upstream;
    private CancellationTokenSource? _resolving;
    private bool _received;

    public UpstreamCall(ForwardLoop loop, LaneRequest request, LaneExchange exchange, RequestUpload upload, LaneOutput output)
    {
        _loop = loop;
        _lane = loop.Lane;
        _request = request;
        _exchange = exchange;
        _upload = upload;
        _output = output;
        Patience = new Patience(_lane.Time, turn => loop.Loop.Post(() => Expire(turn)));
        _body = new AnswerBody(output, Patience);
    }

    /// <summary>Bounds what is waited for.</summary>
    public Patience Patience { get; }

    /// <summary>Why it was stopped.</summary>
    public ForwardFailure Stopped { get; private set; }

    /// <summary>Whether the upstream's answer has begun to be passed on.</summary>
    public bool Answered { get; private set; }

    /// <summary>Status of the answer.</summary>
    public int Status => _head.Status;

    /// <summary>Whether the client's connection ends with the answer.</summary>
    public bool Closes { get; private set; }

    /// <summary>The body's own way up; completed when there is none.</summary>
    public Task Uploading { get; private set; } = Task.CompletedTask;

    /// <summary>Takes on a request.</summary>
    /// <param name="destination">Where it goes, or null when there is nowhere.</param>
    /// <param name="limit">How long the upstream may take to begin its answer.</param>
    /// <param name="close">Whether the client's connection ends with the answer.</param>
    public void Begin(UpstreamDestination? destination, TimeSpan limit, bool close)
    {
        Stopped = ForwardFailure.None;
        (_destination, _limit, Closes) = (destination, limit, close);
        (_received, Answered, Uploading) = (false, false, Task.CompletedTask);
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
            var failure = await AttemptAsync(_loop.IdleOf(destination).TryRent() ?? await ConnectAsync(destination));
            if (failure == ForwardFailure.Again)
            {
                _lane.Pool.CountRetried();
                failure = await AttemptAsync(await ConnectAsync(destination));
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
        Stopped = Stopped == ForwardFailure.None ? why : Stopped;
        _resolving?.Cancel();
        _upstream?.Dispose();
    }

    /// <summary>Lets the upstream's connection go: one that carried its request to the end, and that the upstream keeps, is kept.</summary>
    public void Release(bool isWhole)
    {
        var upstream = _upstream;
        _upstream = null;
        if (upstream is null)
        {
            return;
        }

        if (isWhole && Stopped == ForwardFailure.None && !_head.Closes && upstream.Input.Length == 0 && !upstream.Socket.HasHungUp && _upload.End == UploadEnd.Whole
            && Uploading.IsCompleted && !_loop.Loop.IsClosing)
        {
            _loop.IdleOf(_destination!).Return(upstream);
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
            Stop(ForwardFailure.TimedOut);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ForwardFailure> AttemptAsync(UpstreamConnection? upstream)
    {
        _upstream = upstream;
        if (upstream is null || Stopped != ForwardFailure.None)
        {
            return Stopped == ForwardFailure.None ? ForwardFailure.Unreachable : Stopped;
        }

        var sent = 0;
        while (sent < _bytes.Length)
        {
            var count = upstream.Socket.Send(_bytes.Span[sent..]);
            if (count == ILaneWire.Gone)
            {
                return Why(upstream, sent);
            }

            if (count == ILaneWire.Blocked)
            {
                await upstream.Socket.WhenWritableAsync();
                continue;
            }

            sent += count;
        }

        if (_upload.End == UploadEnd.Open)
        {
            Uploading = _upload.RunAsync(upstream, Patience, _limit);
        }
        else
        {
            Patience.Begin(_limit);
        }

        return await AnswerAsync(upstream);
    }

    private ForwardFailure Why(UpstreamConnection upstream, int sent)
    {
        if (Stopped != ForwardFailure.None)
        {
            return Stopped;
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
        if (!upstream.IsReused || _received || !isNew)
        {
            return ForwardFailure.Unreachable;
        }

        _upstream = null;
        upstream.Dispose();
        return ForwardFailure.Again;
    }

    // Null when it cannot be reached, or is not waited for any more.
    private async ValueTask<UpstreamConnection?> ConnectAsync(UpstreamDestination destination)
    {
        if (Stopped != ForwardFailure.None)
        {
            return null;
        }

        _lane.Pool.CountOpened();
        Patience.Begin(_limit < ConnectLimit ? _limit : ConnectLimit);
        using var resolving = new CancellationTokenSource();
        _resolving = resolving;
        var endpoints = await destination.ResolveAsync(resolving.Token).ConfigureAwait(false);
        await _loop.Loop.Enter();
        _resolving = null;
        foreach (var endpoint in endpoints)
        {
            if (Stopped != ForwardFailure.None || destination.BeginConnect(_loop.Loop, endpoint) is not { } upstream)
            {
                continue;
            }

            _upstream = upstream;
            await upstream.Socket.WhenWritableAsync();
            if (upstream.Socket.ConnectResult() == SocketError.Success)
            {
                // A body may come for as long as it likes; the upstream's own time begins behind it.
                Patience.End();
                return upstream;
            }

            upstream.Dispose();
        }

        return null;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ForwardFailure> AnswerAsync(UpstreamConnection upstream)
    {
        int length;
        while (!TryReadHead(upstream.Input, out length, out var flushes))
        {
            if (flushes && !await _output.FlushAsync())
            {
                return ForwardFailure.ClientGone;
            }

            var received = length < 0 ? 0 : upstream.Input.Receive(upstream.Socket);
            if (received == ILaneWire.Blocked)
            {
                await upstream.Socket.WhenReadableAsync();
                continue;
            }

            if (received <= 0)
            {
                return Why(upstream, _bytes.Length);
            }

            _received = true;
        }

        Answered = true;
        var scanner = Answer(upstream.Input, length);
        if (_head.Framing == BodyFraming.None)
        {
            return ForwardFailure.None;
        }

        var begun = _body.Begin(upstream, _head, scanner);
        var end = begun == ChunkReading.Incomplete ? await _body.PassAsync(upstream, _head, scanner)
            : begun == ChunkReading.End ? AnswerEnd.Whole : AnswerEnd.BrokenOff;
        return end switch
        {
            AnswerEnd.Whole => ForwardFailure.None,
            AnswerEnd.ClientGone => ForwardFailure.ClientGone,
            _ => Why(upstream, _bytes.Length),
        };
    }

    // Passes interim answers on. A length of -1 says that what came is no answer.
    private bool TryReadHead(LaneInput input, out int length, out bool flushes)
    {
        flushes = false;
        while (true)
        {
            switch (_head.Read(input.Unread, _request.IsHead, out length))
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
                flushes = true;
                _lane.Heads.WriteInterim(_output, _head, input.Unread[..length]);
            }

            input.Consume(length);
        }
    }

    private IUsageScanner? Answer(LaneInput input, int length)
    {
        var head = input.Unread[..length];
        _head.TryFind(head, "content-type"u8, out var type);
        var media = type.IndexOf((byte)';') is >= 0 and var end ? type[..end].TrimEnd((byte)' ') : type;
        _lane.Exchanges.Answer(_exchange, isEventStream: media.SequenceEqual("text/event-stream"u8));
        IUsageScanner? scanner = null;
        if (_exchange.WantsUsage && _head.Status is >= 200 and < 300)
        {
            var isCoded = _head.TryFind(head, "content-encoding"u8, out var coding) && !Ascii.EqualsIgnoreCase(coding, "identity"u8);
            scanner = UsageWatch.ScannerOf(_exchange, isCoded, Encoding.Latin1.GetString(media));
        }

        Closes |= _lane.IsPaused || _loop.Loop.IsClosing;
        _lane.Heads.Write(_output, _head, head, _exchange.Decided, Closes);
        input.Consume(length);
        return scanner;
    }
}
