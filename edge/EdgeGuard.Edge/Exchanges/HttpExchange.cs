using EdgeGuard.Edge.Pipeline;

namespace EdgeGuard.Edge.Exchanges;

/// <summary>A request that the web server carries.</summary>
internal sealed class HttpExchange : Exchange, IDisposable
{
    private readonly HttpContext _context;
    private readonly CancellationTokenSource _stop;

    public HttpExchange(HttpContext context, in OriginalRequest request, in DecidedRequest decided)
    {
        _context = context;
        Request = request;
        ClientGone = context.RequestAborted;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ClientGone);
        Begin(decided);
    }

    /// <inheritdoc />
    public override OriginalRequest Request { get; }

    /// <inheritdoc />
    public override CancellationToken ClientGone { get; }

    /// <inheritdoc />
    public override CancellationToken Stopped => _stop.Token;

    /// <inheritdoc />
    public void Dispose() => _stop.Dispose();

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
    protected override void Release() => Dispose();
}
