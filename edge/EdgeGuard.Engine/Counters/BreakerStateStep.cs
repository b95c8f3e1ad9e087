namespace EdgeGuard.Engine.Counters;

/// <summary>One change of a circuit breaker's state.</summary>
/// <param name="change">Which.</param>
/// <param name="limit">The breaker.</param>
/// <param name="resetAt">When it was last reset by hand, or 0.</param>
/// <param name="since">What the request was let through under; for what happens after it was.</param>
/// <param name="now">Milliseconds since the Unix epoch.</param>
internal struct BreakerStateStep(BreakerStateStep.Change change, BreakerLimit limit, long resetAt, long since, long now) : ICellStep
{
    private const long MillisecondsPerSecond = 1000;
    private const long DaySeconds = 86_400;

    /// <summary>A closed breaker's state is kept for so long after its last request; spend before is forgotten after two minutes.</summary>
    private const long IdleSeconds = 600;

    /// <summary>What happens.</summary>
    internal enum Change : byte
    {
        /// <summary>A request passes.</summary>
        Admit,

        /// <summary>The threshold was reached.</summary>
        Open,

        /// <summary>A request that was let through did not happen after all.</summary>
        Undo,

        /// <summary>A request that was let through is done.</summary>
        Complete,
    }

    /// <summary>What the state meant for the request.</summary>
    public BreakerView View { get; private set; }

    /// <summary>Whether the state is another one, or began anew: a breaker that opens at its first request after it was due has opened again.</summary>
    public bool IsTransition { get; private set; }

    /// <summary>The state after.</summary>
    public BreakerState To { get; private set; }

    public bool TryNext(ulong word, long expiry, out ulong next, out long nextExpiry)
    {
        View = BreakerView.Of(limit, word, resetAt, now);
        var state = BreakerWord.Of(word);
        var from = state.State;
        var known = change switch
        {
            Change.Admit => TryAdmit(out state),
            Change.Open => TryOpen(ref state),
            Change.Undo => TryUndo(ref state),
            _ => TryComplete(ref state),
        };
        To = state.State;
        IsTransition = change == Change.Open || from != To;
        next = state.ToWord();
        nextExpiry = known ? ExpiryOf(state, expiry) : expiry;
        return known && (next != word || nextExpiry != expiry);
    }

    private readonly bool TryAdmit(out BreakerWord state)
    {
        state = View.Word;
        return View.Phase != BreakerPhase.Refuse;
    }

    private readonly bool TryOpen(ref BreakerWord state)
    {
        if (state.State == BreakerState.Open && View.Phase == BreakerPhase.Refuse)
        {
            return false;
        }

        // After the last reset, or it would be undone by it.
        state = new BreakerWord(BreakerState.Open, 0, 0, Math.Max(now, resetAt + 1));
        return true;
    }

    private readonly bool TryUndo(ref BreakerWord state)
    {
        var known = state.State == BreakerState.HalfOpen && state.Time == since && state.Let > 0;
        state = known ? state with { Let = state.Let - 1 } : state;
        return known;
    }

    private readonly bool TryComplete(ref BreakerWord state)
    {
        if (state.State != BreakerState.HalfOpen || state.Time != since)
        {
            return false;
        }

        state = state.Done + 1 >= limit.HalfOpenRequests
            ? new BreakerWord(BreakerState.Closed, 0, 0, since)
            : state with { Done = state.Done + 1 };
        return true;
    }

    private readonly long ExpiryOf(BreakerWord state, long expiry)
    {
        var second = now / MillisecondsPerSecond;
        switch (state.State)
        {
            case BreakerState.Open when limit.AutoResetMilliseconds == 0:
                return uint.MaxValue;
            case BreakerState.Open:
                // Nobody who comes a day after it was due is told anything by how it ended.
                return ((state.Time + limit.AutoResetMilliseconds) / MillisecondsPerSecond) + DaySeconds;
            case BreakerState.HalfOpen:
                return ((state.Time + BreakerView.HalfOpenMilliseconds) / MillisecondsPerSecond) + IdleSeconds;
            case BreakerState.Closed when state.Time == 0:
                return expiry;
            default:
                return expiry > second + (IdleSeconds / 2) && expiry <= second + IdleSeconds ? expiry : second + IdleSeconds;
        }
    }
}
