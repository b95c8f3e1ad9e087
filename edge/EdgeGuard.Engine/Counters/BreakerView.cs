namespace EdgeGuard.Engine.Counters;

/// <summary>A breaker's state as it is at some time, with what has come due by then.</summary>
/// <param name="Phase">Pass, probe or refuse; what the rate says comes later.</param>
/// <param name="Word">The state that follows if the request passes.</param>
/// <param name="RetryAt">Millisecond from which a refused request may pass; 0 for never by itself.</param>
internal readonly record struct BreakerView(BreakerPhase Phase, BreakerWord Word, long RetryAt)
{
    /// <summary>A half-open breaker that did not trip for so long closes.</summary>
    public const long HalfOpenMilliseconds = 60_000;

    /// <summary>What a state means for one more request.</summary>
    /// <param name="limit">The breaker.</param>
    /// <param name="word">Its state.</param>
    /// <param name="resetAt">When it was last reset by hand, or 0.</param>
    /// <param name="now">Milliseconds since the Unix epoch.</param>
    public static BreakerView Of(BreakerLimit limit, ulong word, long resetAt, long now)
    {
        var state = BreakerWord.Of(word);
        if (state.State != BreakerState.Closed && state.Time <= resetAt)
        {
            return new BreakerView(BreakerPhase.Pass, new BreakerWord(BreakerState.Closed, 0, 0, resetAt), 0);
        }

        switch (state.State)
        {
            case BreakerState.Open:
                var due = limit.AutoResetMilliseconds == 0 ? long.MaxValue : state.Time + limit.AutoResetMilliseconds;
                return now < due
                    ? new BreakerView(BreakerPhase.Refuse, state, due == long.MaxValue ? 0 : due)
                    : new BreakerView(BreakerPhase.Probe, new BreakerWord(BreakerState.HalfOpen, 1, 0, now), 0);
            case BreakerState.HalfOpen when now >= state.Time + HalfOpenMilliseconds:
                return new BreakerView(BreakerPhase.Pass, new BreakerWord(BreakerState.Closed, 0, 0, state.Time), 0);
            case BreakerState.HalfOpen:
                return state.Let < limit.HalfOpenRequests
                    ? new BreakerView(BreakerPhase.Probe, state with { Let = state.Let + 1 }, 0)
                    : new BreakerView(BreakerPhase.Refuse, state, state.Time + HalfOpenMilliseconds);
            default:
                return new BreakerView(BreakerPhase.Pass, state, 0);
        }
    }
}
