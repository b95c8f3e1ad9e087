using EdgeGuard.Contracts;

namespace EdgeGuard.ControlPlane.Leases;

/// <summary>
/// Arithmetic in whole units. The rule that everything keeps: shares * budget + what is out beyond them is never above the budget, before
/// shares are rounded down for each holder. Kept in this form it also holds after the budget's number has changed.
/// </summary>
internal static class LeaseArithmetic
{
    /// <summary>What a share is worth to its holder, rounded down.</summary>
    public static long Worth(int ppm, long units) => (long)((Int128)units * ppm / LeaseLimits.Whole);

    /// <summary>What may be given of a key beyond all shares and what is out already; below zero when more is out.</summary>
    /// <param name="units">The budget.</param>
    /// <param name="sharesPpm">All shares in the window.</param>
    /// <param name="extra">Granted and not returned, all holders.</param>
    public static long Left(long units, long sharesPpm, long extra) =>
        (long)((Int128)units * Math.Max(0, LeaseLimits.Whole - sharesPpm) / LeaseLimits.Whole) - extra;

    /// <summary>What is out of a budget in millionths, rounded up, at least 0.</summary>
    public static long OutPpm(long extra, long units) =>
        extra <= 0 ? 0 : (long)Int128.Min(2 * LeaseLimits.Whole, (((Int128)extra * LeaseLimits.Whole) + units - 1) / units);

    /// <summary>A slice of a budget: at least what is worth giving.</summary>
    public static long Slice(LeaseBudget budget, long units) => Math.Max(Worth(budget.SlicePpm, units), Math.Max(1, Math.Min(budget.Quantum, units)));

    /// <summary>How large the next grant is.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="units">Its units for this key.</param>
    /// <param name="left">What may be given.</param>
    /// <param name="hold">What the one who asks has.</param>
    /// <param name="rivals">Others who want more of the key.</param>
    /// <param name="now">Unix milliseconds.</param>
    public static long Grant(LeaseBudget budget, long units, long left, LeaseHold hold, int rivals, long now)
    {
        var slice = Slice(budget, units);
        if (left <= slice)
        {
            // The last of it is not divided: halves of what one request costs would be of use to nobody.
            return left;
        }

        var size = hold.Slice > 0 && now - hold.GrantedAt < LeaseTimes.Haste
            ? Math.Max(slice, Math.Min(hold.Slice > units / 2 ? units : hold.Slice * 2, units / 4))
            : slice;
        var part = rivals == 0 ? left : Math.Max(slice, (left / (rivals + 1)) + 1);
        return Math.Min(left, Math.Min(size, part));
    }
}
