using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Usage;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Exchanges;

/// <summary>
/// One admitted request from its decision to its end. Ends once; whoever looks at its headers from another thread does so under
/// <see cref="TryRead"/>, because the server reuses them for the connection's next request.
/// </summary>
internal sealed class Exchange : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HttpContext _context;
    private readonly CancellationTokenSource _stop;
    private DecidedRequest _kill;
    private bool _killed;
    private bool _ended;

    public Exchange(HttpContext context, in OriginalRequest request, in DecidedRequest decided)
    {
        _context = context;
        Request = request;
        Decided = decided;
        ClientGone = context.RequestAborted;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(ClientGone);
    }

    /// <summary>The request that was decided on.</summary>
    public OriginalRequest Request { get; }

    /// <summary>What was decided.</summary>
    public DecidedRequest Decided { get; }

    /// <summary>Cancelled when the client has gone away.</summary>
    public CancellationToken ClientGone { get; }

    /// <summary>Cancelled when the client has gone away or a kill switch ended the exchange.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>How it went so far; counts when it ends.</summary>
    public ExchangeOutcome Outcome { get; set; } = ExchangeOutcome.NotForwarded;

    /// <summary>Whether response headers of the upstream have come.</summary>
    public bool UpstreamAnswered { get; set; }

    /// <summary>Whether tokens were reserved whose actual usage matters.</summary>
    public bool WantsUsage { get; set; }

    /// <summary>Whether the answer is compressed, so that its usage cannot be read.</summary>
    public bool IsUsageCoded { get; set; }

    /// <summary>What the answer told of its usage so far, or null when it is not looked at.</summary>
    public UsageCounts? Usage { get; set; }

    /// <summary>Text of the completion so far, when the answer is a stream that is looked at.</summary>
    public StreamedContent? Streamed { get; set; }

    /// <summary>Neighbours in the list of <see cref="ActiveExchanges"/>.</summary>
    public Exchange? Next { get; set; }

    /// <inheritdoc cref="Next" />
    public Exchange? Previous { get; set; }

    /// <summary>The list that it stands in.</summary>
    public int Stripe { get; set; }

    /// <summary>Whether a kill switch ended it, and the refusal that follows: by the snapshot that holds the switch.</summary>
    public bool IsKilled(out DecidedRequest refused)
    {
        lock (_gate)
        {
            refused = _kill;
            return _killed;
        }
    }

    /// <summary>Looks at the request while it is under way; false when it has ended.</summary>
    public bool TryRead<TState>(TState state, Action<HttpContext, TState> read)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return false;
            }

            read(_context, state);
            return true;
        }
    }

    /// <summary>Ends it by a kill switch: what waits or streams is cancelled.</summary>
    /// <param name="decision">The refusal.</param>
    /// <param name="snapshot">What it was taken by, which is newer than what the request was decided by.</param>
    public void Kill(in Decision decision, PolicySnapshot snapshot)
    {
        lock (_gate)
        {
            if (_ended || _killed)
            {
                return;
            }

            _killed = true;
            _kill = Decided with { Decision = decision, Snapshot = snapshot };
        }

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

    /// <summary>True for the first caller: the one who tells the engine.</summary>
    public bool TryEnd()
    {
        lock (_gate)
        {
            return !_ended && (_ended = true);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _stop.Dispose();
}
