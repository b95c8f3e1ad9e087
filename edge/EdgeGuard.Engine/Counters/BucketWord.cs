using System.Runtime.CompilerServices;

namespace EdgeGuard.Engine.Counters;

/// <summary>
/// The state of a token bucket in 64 bits: in the upper 62 the reading of the bucket's clock at which it is full again (the theoretical
/// arrival time of GCRA), in the lower 2 how often it was found full and began anew, modulo 4. The clock turns over; differences are signed.
/// </summary>
internal static class BucketWord
{
    private const ulong ClockMask = (1UL << 62) - 1;

    /// <summary>Of the bits that count new beginnings.</summary>
    public const ulong RestartMask = 3;

    /// <summary>Units missing from a full bucket at a reading of its clock. The cell's epoch must be the present one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong DeficitAt(ulong word, ulong clock)
    {
        // Shifting both up by two drops the restart bits and the part of the clock above 62 bits in one go.
        var difference = (long)((word & ~RestartMask) - (clock << 2)) >> 2;
        return difference > 0 ? (ulong)difference : 0;
    }

    /// <summary>As <see cref="DeficitAt"/> for a cell that may not have been touched for long.</summary>
    public static ulong Deficit(ulong word, ulong meta, in BucketScale scale, long nanoseconds)
    {
        var age = CellMeta.EpochAt(nanoseconds) - CellMeta.EpochOf(meta);
        if ((long)age > 0 && age >= scale.StaleEpochs)
        {
            return 0;
        }

        // More than burst and debt can only be seen by a reader whose clock reading is older than the last taker's by a whole refill.
        return Math.Min(DeficitAt(word, scale.ClockAt(nanoseconds)), scale.Debt);
    }

    /// <summary>The word after a take that found <paramref name="deficit"/> units missing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong AfterTake(ulong word, ulong deficit, ulong clock, ulong cost)
    {
        var next = deficit == 0 ? Compose(clock + cost, word + 1) : word + (cost << 2);
        return next == Cell.Busy ? 0 : next;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Compose(ulong clock, ulong restarts)
    {
        var word = ((clock & ClockMask) << 2) | (restarts & RestartMask);

        // Never the mark of a claim: one unit later, which is against the client by the least there is.
        return word == Cell.Busy ? 0 : word;
    }
}
