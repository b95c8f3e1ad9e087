using System.Runtime.CompilerServices;

namespace EdgeGuard.Engine.Counters;

/// <summary>
/// The state of windows and of requests in flight in 64 bits: in the upper 60 the amount, in the lower 4 how often the cell was claimed,
/// modulo 16. Of requests in flight the amount is two counts of 30 bits: the lower is of processes with an even run number, the upper of those
/// with an odd one, since two share a table during a takeover and one of them may die with what it holds (ADR 0048). Two requests of one cost leave the same amount behind, so without the count a request that was held up between its look and
/// its take could charge, or give back to, the next owner of its cell.
/// </summary>
internal static class UsageWord
{
    /// <summary>Largest amount, one below what would make a word of all ones: above 10^18, a budget of 10^12 in micro-units.</summary>
    public const ulong MaxAmount = (1UL << 60) - 2;

    /// <summary>Most requests in flight: what one of the two counts holds.</summary>
    public const ulong MaxSlots = (1UL << SlotBits) - 1;

    /// <summary>Where the amount of a window is.</summary>
    public const int AmountShift = 4;

    private const int SlotBits = 30;
    private const ulong ClaimMask = (1UL << AmountShift) - 1;

    /// <summary>Where a process counts its requests in flight, by its run number.</summary>
    public static int SlotShift(int run) => AmountShift + ((run & 1) * SlotBits);

    /// <summary>The amount of a window, or how many requests are in flight in both processes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Amount(ulong word, ulong meta) =>
        CellMeta.KindOf(meta) == CellKind.Concurrency ? Slots(word, SlotShift(0)) + Slots(word, SlotShift(1)) : word >> AmountShift;

    /// <summary>Requests in flight of the process that counts at a place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Slots(ulong word, int shift) => (word >> shift) & MaxSlots;

    /// <summary>The word without the requests of the process that counts at a place.</summary>
    public static ulong WithoutSlots(ulong word, int shift) => word & ~(MaxSlots << shift);

    /// <summary>The word after an amount was added that keeps it within <see cref="MaxAmount"/> or <see cref="MaxSlots"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Plus(ulong word, ulong units, int shift) => word + (units << shift);

    /// <summary>The word of a window after an amount was added, as far as it fits.</summary>
    public static ulong PlusSaturated(ulong word, ulong units) =>
        Plus(word, Math.Min(units, MaxAmount - Math.Min(word >> AmountShift, MaxAmount)), AmountShift);

    /// <summary>The word after an amount was given back; never below zero, and of requests in flight never from what the other process holds.</summary>
    public static ulong Minus(ulong word, ulong units, ulong meta, int shift)
    {
        var own = CellMeta.KindOf(meta) == CellKind.Concurrency ? Slots(word, shift) : word >> AmountShift;
        return word - (Math.Min(units, own) << shift);
    }

    /// <summary>The first word of a claimed cell.</summary>
    /// <param name="amount">At most <see cref="MaxAmount"/>.</param>
    /// <param name="previous">The word that was in the cell.</param>
    /// <param name="shift">Where to count.</param>
    public static ulong Claimed(ulong amount, ulong previous, int shift = AmountShift) => (amount << shift) | ((previous + 1) & ClaimMask);

    /// <summary>Whether both are of one claim of a cell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SameClaim(ulong a, ulong b) => ((a ^ b) & ClaimMask) == 0;
}
