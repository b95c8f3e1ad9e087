namespace EdgeGuard.Engine.Counters;

/// <summary>Notes when the breakers of a policy were reset by hand; never back.</summary>
/// <param name="now">Milliseconds since the Unix epoch.</param>
internal readonly struct BreakerResetStep(long now) : ICellStep
{
    public bool TryNext(ulong word, long expiry, out ulong next, out long nextExpiry)
    {
        next = Math.Max(word, (ulong)now);

        // A breaker that never closes by itself may have been open for any time: the note is kept for good, one a policy.
        nextExpiry = uint.MaxValue;
        return next != word;
    }
}
