using System.Runtime.CompilerServices;
using EdgeGuard.Edge.Exchanges;
using EdgeGuard.Edge.Lane;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Throttling;
using EdgeGuard.Edge.Usage;
using EdgeGuard.Engine.Decide;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>
/// Forwards one admitted request after the other of a client's connection: sends it, passes the answer on, and ends what was admitted, however it goes. Everything is
/// written by the one loop of the connection, but for a body that is still coming in: <see cref="RequestUpload"/> sends that meanwhile.
/// </summary>
internal sealed class LaneForward : IDisposable
{
    /// <summary>How long a body that nobody wants any more is read; the server's own time.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(5);

    private readonly ProxyLane _lane;
    private readonly ForwardLoop _loop;
    private readonly ProxyLaneConnection _connection;
    private readonly LaneRequest _request;
    private readonly RequestHead _writer;
    private readonly LaneExchange _exchange;
    private readonly UpstreamCall _call;
    private byte[] _sent = new byte[2048];
    private int _length;

    public LaneForward(ForwardLoop loop, ProxyLaneConnection connection, LaneHead head, RequestHead writer, LaneOutput output, TimeProvider time)
    {
        _loop = loop;
        _lane = loop.Lane;
        _connection = connection;
        _request = head.Request;
        _writer = writer;
        Output = output;
        Upload = new RequestUpload(connection.Input, connection.Socket, time);
        _exchange = new LaneExchange(head, Kill, connection.Closed);
        _call = new UpstreamCall(loop, _request, _exchange, Upload, output);
    }

    /// <summary>What the client gets.</summary>
    public LaneOutput Output { get; }

    /// <summary>Whether an answer has begun to be passed on.</summary>
    public bool HasAnswered => _call.Answered;

    /// <summary>The body under way.</summary>
    public RequestUpload Upload { get; }

    /// <summary>Takes on a request that was admitted, with as much of its body as has arrived when that is all.</summary>
    public void Begin(in DecidedRequest decided, ReadOnlySpan<byte> target, bool trusts, bool close)
    {
        _exchange.Start(decided);
        var destination = _lane.Pool.Choose(ProxyLane.ClusterOf(decided), out var limit);
        _call.Begin(destination, limit, close);
        Upload.Begin(_request);
        var prefix = destination?.Prefix ?? [];
        var room = _writer.Room(_request, target, prefix, decided) + (int)Math.Min(_request.BodyLength, LaneRequest.MaxBodyBytes);
        if (_sent.Length < room)
        {
            _sent = new byte[room];
        }

        var plain = _lane.Usage.Begin(_exchange) && !RefusesIdentity();
        _length = _writer.Write(_sent, _request, target, prefix, decided, trusts, plain);
        if (_request.BodyLength is > 0 and <= LaneRequest.MaxBodyBytes && Upload.TryTakeWhole(_sent.AsSpan(_length)))
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
            failure = _exchange.Decided.Decision.DelayMilliseconds > 0 || _call.Stopped != ForwardFailure.None || HasHungUp
                ? await WaitAsync()
                : ForwardFailure.None;
            if (failure == ForwardFailure.None)
            {
                _lane.Exchanges.Forward(_exchange);
                failure = await _call.RunAsync(_sent.AsMemory(0, _length));
                _exchange.Outcome = OutcomeOf(failure);
            }
        }
        finally
        {
            _call.Patience.End();
            _call.Release(failure == ForwardFailure.None);
            _exchange.EndedByKill = failure == ForwardFailure.Killed;
            _lane.Exchanges.End(_exchange);
        }

        var step = failure == ForwardFailure.None ? LaneStep.Continue : Fail(failure);
        if (Upload.End == UploadEnd.Open)
        {
            return await DrainAsync(step);
        }

        return _call.Closes && step == LaneStep.Continue ? LaneStep.Close : step;
    }

    /// <summary>Reads the body of a request that is not forwarded to its end.</summary>
    public ValueTask<LaneStep> SkipBodyAsync(bool close)
    {
        Upload.Begin(_request);
        _call.Begin(null, default, close);
        return Upload.End == UploadEnd.Open ? DrainAsync(LaneStep.Continue) : new(close ? LaneStep.Close : LaneStep.Continue);
    }

    /// <summary>The client has gone away.</summary>
    public void Abandon() => _call.Stop(ForwardFailure.ClientGone);

    /// <inheritdoc />
    public void Dispose() => _call.Dispose();

    private bool HasHungUp => _connection.Socket.HasFailed || (_connection.Socket.HasHungUp && Upload.End != UploadEnd.Open);

    // From whichever thread has found the switch; by the time that the loop comes to it another request may be under way.
    private void Kill()
    {
        var turn = _exchange.Turn;
        _loop.Loop.Post(() =>
        {
            if (_exchange.Turn == turn && _exchange.IsKilled(out _))
            {
                _call.Stop(ForwardFailure.Killed);
            }
        });
    }

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

    private async ValueTask<ForwardFailure> WaitAsync()
    {
        var delay = _exchange.Decided.Decision.DelayMilliseconds;
        var result = delay > 0 ? await _lane.Throttle.WaitAsync(delay, _exchange.Stopped).ConfigureAwait(false) : ThrottleResult.Stopped;
        await _loop.Loop.Enter();
        return result switch
        {
            ThrottleResult.Waited => ForwardFailure.None,
            ThrottleResult.Shed => ForwardFailure.Shed,
            _ => _exchange.IsKilled(out _) ? ForwardFailure.Killed : ForwardFailure.ClientGone,
        };
    }

    private ExchangeOutcome OutcomeOf(ForwardFailure failure) => failure switch
    {
        ForwardFailure.None => _call.Status switch
        {
            StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout => ExchangeOutcome.Overloaded,
            >= StatusCodes.Status400BadRequest => ExchangeOutcome.Failed,
            _ => ExchangeOutcome.Answered,
        },
        ForwardFailure.NoDestination => ExchangeOutcome.NotForwarded,
        ForwardFailure.ClientGone or ForwardFailure.Killed or ForwardFailure.BadBody => ExchangeOutcome.Abandoned,
        _ => _call.Answered ? ExchangeOutcome.BrokenOff : ExchangeOutcome.Unreachable,
    };

    // Answers in the upstream's place, unless it has begun: then only the end of the connection can tell.
    private LaneStep Fail(ForwardFailure failure)
    {
        if (_call.Answered || failure == ForwardFailure.ClientGone)
        {
            if (failure is ForwardFailure.Killed or ForwardFailure.BadBody)
            {
                _connection.Socket.Dispose();
            }

            return LaneStep.Close;
        }

        var decided = _exchange.Decided;
        switch (failure)
        {
            case ForwardFailure.BadBody:
                _lane.Answers.TellProblem(
                    Output, Upload.End == UploadEnd.TooSlow ? StatusCodes.Status408RequestTimeout : StatusCodes.Status400BadRequest, decided);
                return LaneStep.Close;
            case ForwardFailure.Killed when _exchange.IsKilled(out var kill):
                _lane.Refuse(Output, kill, kill.Decision, _request.IsHead, _call.Closes, warns: false);
                break;
            case ForwardFailure.Shed:
                _lane.Refuse(Output, decided, ThrottleGate.Refusal(decided.Decision), _request.IsHead, _call.Closes, warns: false);
                break;
            default:
                var status = failure == ForwardFailure.TimedOut ? StatusCodes.Status504GatewayTimeout : StatusCodes.Status502BadGateway;
                _lane.Refuse(Output, decided, ProxyLane.Unavailable(decided.Decision, status), _request.IsHead, _call.Closes, warns: true);
                break;
        }

        return LaneStep.Continue;
    }

    // An answer, or a refusal, before the whole body has come: the rest is dropped, a while, to keep the connection.
    private async ValueTask<LaneStep> DrainAsync(LaneStep step)
    {
        Upload.Drop();
        if (step != LaneStep.Close && !await Output.FlushAsync())
        {
            step = LaneStep.Close;
        }

        if (step == LaneStep.Close)
        {
            Upload.Cancel();
        }
        else
        {
            _call.Patience.Begin(DrainLimit);
        }

        await _call.DropBodyAsync();
        _call.Patience.End();
        return Upload.End == UploadEnd.Whole && !_call.Closes ? step : LaneStep.Close;
    }
}
