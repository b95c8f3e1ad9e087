using System.Runtime.CompilerServices;

namespace EdgeGuard.Engine.Counters;

/// <summary>
/// The state of a token bucket in 64 bits: in the upper 62 the reading of the bucket's clock at which it is full again (the theoretical
/// arrival time of GCRA), in the lower 2 how often it was found full and began anew, modulo 4. The clock turns over; differences are signed.
/// </summary>
/// <remarks>
/// A bucket that is counted in multiples of a power of two (<see cref="BucketScale.SpareBits"/>) has lower bits of the clock to spare: they and
/// the two hold the number of its beginning. The mask says which bits those are.
/// </remarks>
internal static class BucketWord
{
    private const ulong ClockMask = (1UL << 62) - 1;

    /// <summary>The bits that count new beginnings in every bucket.</summary>
    public const ulong PlainMask = 3;

    /// <summary>Units missing from a full bucket at a reading of its clock. The cell's epoch must be the present one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong DeficitAt(ulong word, ulong clock, ulong mask)
    {
        // Shifting both up by two drops the restart bits and the part of the clock above 62 bits in one go.
        var difference = (long)((word & ~mask) - (clock << 2)) >> 2;
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
        return Math.Min(DeficitAt(word, scale.ClockAt(nanoseconds), scale.RestartMask), scale.Debt);
    }

    /// <summary>The word after a take.</summary>
    /// <param name="word">As it was read.</param>
    /// <param name="deficit">Units that were missing then; with none the bucket begins anew.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="cost">Units to take.</param>
    /// <param name="beginning">Number of a new beginning.</param>
    /// <param name="mask">Where that is kept.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong AfterTake(ulong word, ulong deficit, ulong clock, ulong cost, ulong beginning, ulong mask)
    {
        var next = deficit == 0 ? Compose(clock + cost, beginning, mask) : word + (cost << 2);
        return next == Cell.Busy ? 0 : next;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Compose(ulong clock, ulong beginning, ulong mask)
    {
        var word = ((clock & ClockMask) << 2) | (beginning & mask);

        // Never the mark of a claim: one unit later, which is against the client by the least there is.
        return word == Cell.Busy ? 0 : word;
    }
}
