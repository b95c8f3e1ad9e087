using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Llm;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Edge.Usage;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Identity;

namespace EdgeGuard.Edge.Exchanges;

/// <summary>
/// One admitted request from its decision to its end. Ends once; whoever looks at its headers from another thread does so under
/// <see cref="TryRead"/>, because the server reuses them for the connection's next request.
/// </summary>
internal abstract class Exchange
{
    private readonly Lock _gate = new();
    private DecidedRequest _kill;
    private bool _killed;
    private bool _ended = true;
    private long _turn;

    /// <summary>The request that was decided on.</summary>
    public abstract OriginalRequest Request { get; }

    /// <summary>What was decided.</summary>
    public DecidedRequest Decided { get; private set; }

    /// <summary>The door that it came to.</summary>
    public abstract DoorTag? Door { get; }

    /// <summary>Cancelled when the client has gone away.</summary>
    public abstract CancellationToken ClientGone { get; }

    /// <summary>Cancelled when the client has gone away or a kill switch ended the exchange.</summary>
    public abstract CancellationToken Stopped { get; }

    /// <summary>Which request this is, of those that one object carries one after the other.</summary>
    public long Turn => Interlocked.Read(ref _turn);

    /// <summary>How it went so far; counts when it ends.</summary>
    public ExchangeOutcome Outcome { get; set; } = ExchangeOutcome.NotForwarded;

    /// <summary>
    /// Whether a kill switch or a revocation kept it from its answer, or from the rest of it. One that comes when all has been passed on ends nothing, although
    /// <see cref="IsKilled"/>.
    /// </summary>
    public bool EndedByKill { get; set; }

    /// <summary>Whether response headers of the upstream have come.</summary>
    public bool UpstreamAnswered { get; set; }

    /// <summary>Whether tokens were reserved whose actual usage matters.</summary>
    public bool WantsUsage { get; set; }

    /// <summary>Whether the answer is compressed, so that its usage cannot be read.</summary>
    public bool IsUsageCoded { get; set; }

    /// <summary>What the answer told of its usage so far, or null when it is not looked at.</summary>
    public UsageCounts? Usage { get; set; }

    /// <summary>Whether usage that only the edge asked for is kept from the client.</summary>
    public bool HidesUsage { get; set; }

    /// <summary>What watches the stream of its answer, or null.</summary>
    public StreamGate? Gate { get; set; }

    /// <summary>How the stream of its answer ended, when it was watched.</summary>
    public ExchangeOutcome? StreamOutcome { get; set; }

    /// <summary>Text of the completion so far, when the answer is a stream that is looked at.</summary>
    public StreamedContent? Streamed { get; set; }

    /// <summary>Neighbours in the list of <see cref="ActiveExchanges"/>.</summary>
    public Exchange? Next { get; set; }

    /// <inheritdoc cref="Next" />
    public Exchange? Previous { get; set; }

    /// <summary>The list that it stands in.</summary>
    public int Stripe { get; set; }

    /// <summary>Whether a kill switch has met it, and the refusal that follows: by the snapshot that holds the switch.</summary>
    public bool IsKilled(out DecidedRequest refused)
    {
        lock (_gate)
        {
            refused = _kill;
            return _killed;
        }
    }

    /// <summary>What was asked and who asks, while it is under way; false when that request has ended.</summary>
    public bool TryTell(long turn, out OriginalRequest request, out Caller caller)
    {
        lock (_gate)
        {
            var isIt = !_ended && turn == _turn;
            request = isIt ? Request : OriginalRequest.Malformed;
            caller = Decided.Caller;
            return isIt;
        }
    }

    /// <summary>Looks at the request's head while it is under way; false when that request has ended.</summary>
    public bool TryRead(long turn, IHeadReader reader)
    {
        lock (_gate)
        {
            if (_ended || turn != _turn)
            {
                return false;
            }

            ReadHead(reader);
            return true;
        }
    }

    /// <summary>Ends it by a kill switch: what waits or streams is cancelled.</summary>
    /// <param name="turn">The request that was looked at; another is left alone.</param>
    /// <param name="decision">The refusal.</param>
    /// <param name="snapshot">What it was taken by, which is newer than what the request was decided by.</param>
    public void Kill(long turn, in Decision decision, PolicySnapshot snapshot)
    {
        lock (_gate)
        {
            if (_ended || _killed || turn != _turn)
            {
                return;
            }

            _killed = true;
            _kill = Decided with { Decision = decision, Snapshot = snapshot };
            Stop();
        }
    }

    /// <summary>True for the first caller: the one who tells the engine.</summary>
    public bool TryEnd()
    {
        lock (_gate)
        {
            if (_ended)
            {
                return false;
            }

            _ended = true;
        }

        Release();
        return true;
    }

    /// <summary>Takes on a request, after the one before has ended.</summary>
    protected void Begin(in DecidedRequest decided)
    {
        lock (_gate)
        {
            _turn++;
            (_ended, _killed) = (false, false);
            Decided = decided;
            Outcome = ExchangeOutcome.NotForwarded;
            (EndedByKill, UpstreamAnswered, WantsUsage, IsUsageCoded) = (false, false, false, false);
            (Usage, Streamed) = (null, null);
            (HidesUsage, Gate, StreamOutcome) = (false, null, null);
        }
    }

    /// <summary>Shows the request's head.</summary>
    protected abstract void ReadHead(IHeadReader reader);

    /// <summary>Cancels what waits or streams; called with the exchange held, so that it cannot end meanwhile, and on no thread of its own.</summary>
    protected abstract void Stop();

    /// <summary>Lets go of what it held; called once at its end.</summary>
    protected virtual void Release()
    {
    }
}
