using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Pipeline;

namespace EdgeGuard.Edge.Exchanges;

/// <summary>A request that the web server carries.</summary>
internal sealed class HttpExchange : Exchange
{
    private readonly HttpContext _context;
    private readonly StopSource _stop;

    public HttpExchange(HttpContext context, in OriginalRequest request, in DecidedRequest decided)
    {
        _context = context;
        Request = request;
        Door = context.Door();
        ClientGone = context.RequestAborted;
        _stop = StopSource.Rent(TimeProvider.System, isNew: false, ClientGone);
        Begin(decided);
    }

    /// <inheritdoc />
    public override OriginalRequest Request { get; }

    /// <inheritdoc />
    public override DoorTag? Door { get; }

    /// <inheritdoc />
    public override CancellationToken ClientGone { get; }

    /// <inheritdoc />
    public override CancellationToken Stopped => _stop.Token;

    /// <inheritdoc />
    protected override void ReadHead(IHeadReader reader) => reader.Read(new HttpContextHead(_context));

    /// <inheritdoc />
    protected override void Stop()
    {
        try
        {
            // Not on this thread: what waits would go on inside the sweep that found it.
            _ = _stop.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself in this moment.
        }
    }

    /// <inheritdoc />
    protected override void Release()
    {
        // What the server does with the request from now on must not see the next one's end.
        _context.RequestAborted = ClientGone;
        _stop.Return();
    }
}
