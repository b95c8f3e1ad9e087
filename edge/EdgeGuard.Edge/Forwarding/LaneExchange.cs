using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Exchanges;
using EdgeGuard.Edge.Lane;
using EdgeGuard.Edge.Pipeline;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>The request that a connection of the lane has under way; one object for all of them.</summary>
/// <param name="head">Head of the request, which changes only between two of them.</param>
/// <param name="stop">Called when a kill switch ends it.</param>
/// <param name="clientGone">Cancelled when the connection ends.</param>
internal sealed class LaneExchange(LaneHead head, Action stop, CancellationToken clientGone) : Exchange
{
    private CancellationTokenSource? _stop;

    /// <inheritdoc />
    public override OriginalRequest Request => new(head.Request.Method.ToString(), head.Request.Host.ToString(), head.Request.Target.ToString());

    /// <inheritdoc />
    public override DoorTag? Door => DoorTag.Proxy;

    /// <inheritdoc />
    public override CancellationToken ClientGone => clientGone;

    /// <inheritdoc />
    public override CancellationToken Stopped => _stop?.Token ?? clientGone;

    /// <summary>Takes on a request that was admitted.</summary>
    public void Start(in DecidedRequest decided)
    {
        // Only who waits needs a token of its own.
        _stop = decided.Decision.DelayMilliseconds > 0 ? CancellationTokenSource.CreateLinkedTokenSource(clientGone) : null;
        Begin(decided);
    }

    /// <inheritdoc />
    protected override void ReadHead(IHeadReader reader) => reader.Read(head);

    /// <inheritdoc />
    protected override void Stop()
    {
        _ = _stop?.CancelAsync();
        stop();
    }

    /// <inheritdoc />
    protected override void Release() => _stop?.Dispose();
}
