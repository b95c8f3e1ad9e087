using System.Runtime.CompilerServices;

namespace EdgeGuard.Engine.Counters;

/// <summary>
/// The state of windows and of requests in flight in 64 bits: in the upper 60 the amount, in the lower 4 how often the cell was claimed,
/// modulo 16. Two requests of one cost leave the same amount behind, so without the count a request that was held up between its look and
/// its take could charge, or give back to, the next owner of its cell.
/// </summary>
internal static class UsageWord
{
    /// <summary>Largest amount, one below what would make a word of all ones: above 10^18, a budget of 10^12 in micro-units.</summary>
    public const ulong MaxAmount = (1UL << 60) - 2;

    private const int AmountShift = 4;
    private const ulong ClaimMask = (1UL << AmountShift) - 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Amount(ulong word) => word >> AmountShift;

    /// <summary>The word after an amount was added that keeps it within <see cref="MaxAmount"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Plus(ulong word, ulong units) => word + (units << AmountShift);

    /// <summary>The word after an amount was added, as far as it fits.</summary>
    public static ulong PlusSaturated(ulong word, ulong units) => Plus(word, Math.Min(units, MaxAmount - Math.Min(Amount(word), MaxAmount)));

    /// <summary>The word after an amount was given back; never below zero.</summary>
    public static ulong Minus(ulong word, ulong units) => word - (Math.Min(units, Amount(word)) << AmountShift);

    /// <summary>The first word of a claimed cell.</summary>
    /// <param name="amount">At most <see cref="MaxAmount"/>.</param>
    /// <param name="previous">The word that was in the cell.</param>
    public static ulong Claimed(ulong amount, ulong previous) => (amount << AmountShift) | ((previous + 1) & ClaimMask);

    /// <summary>Whether both are of one claim of a cell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SameClaim(ulong a, ulong b) => ((a ^ b) & ClaimMask) == 0;
}
