namespace EdgeGuard.Engine.Counters;

/// <summary>
/// State of a circuit breaker in 64 bits: bits 62 and 63 the <see cref="BreakerState"/>, bits 52 to 61 requests let through while half-open,
/// bits 42 to 51 those of them that are done, bits 0 to 41 a time in milliseconds: since when spend counts (closed, half-open) or when it
/// opened. Zero is a breaker that never opened.
/// </summary>
/// <param name="State">Closed, open or half-open.</param>
/// <param name="Let">Requests let through.</param>
/// <param name="Done">Requests done.</param>
/// <param name="Time">Milliseconds since the Unix epoch.</param>
internal readonly record struct BreakerWord(BreakerState State, int Let, int Done, long Time)
{
    private const int TimeBits = 42;
    private const int CountBits = 10;
    private const ulong TimeMask = (1UL << TimeBits) - 1;
    private const ulong CountMask = (1UL << CountBits) - 1;

    public static BreakerWord Of(ulong word) => new(
        (BreakerState)(word >> (TimeBits + (2 * CountBits))),
        (int)((word >> (TimeBits + CountBits)) & CountMask),
        (int)((word >> TimeBits) & CountMask),
        (long)(word & TimeMask));

    public ulong ToWord() =>
        ((ulong)State << (TimeBits + (2 * CountBits)))
        | (((ulong)Let & CountMask) << (TimeBits + CountBits))
        | (((ulong)Done & CountMask) << TimeBits)
        | ((ulong)Time & TimeMask);
}
