using EdgeGuard.Contracts;

namespace EdgeGuard.ControlPlane.Leases;

/// <summary>
/// Gives standing shares: what a holder may spend of any key without asking. By plan all of them together have half of a budget; the next comer gets a quarter of
/// what is left of that half, up to a slice, so that there is always something for one more. In a window that is running he gets no more than no key has given away.
/// </summary>
internal static class ShareGiver
{
    /// <summary>Gives or extends the shares of the holder for windows that have come within reach.</summary>
    public static async Task GiveAsync(LeaseExchange exchange, LeaseBudget budget, CancellationToken cancellation)
    {
        var holder = exchange.Request.Holder;
        var shares = await exchange.SharesAsync(budget, cancellation);
        var frozenBefore = await exchange.FrozenBeforeAsync(budget, cancellation);
        var current = budget.Windows.At(exchange.Seconds);
        var reach = exchange.Seconds + budget.Windows.Reach;
        var first = FirstUncovered(budget, shares, holder, current, Math.Max(frozenBefore, current.Start), reach);
        if (first is not { } open)
        {
            return;
        }

        if (open.Start == current.Start)
        {
            // By itself: what was given of its keys must not keep a newcomer from a share of the windows to come.
            await GiveAsync(exchange, budget, shares, (current, current), cancellation);
            shares = await exchange.SharesAsync(budget, cancellation);
            open = budget.Windows.After(current);
            if (open.Start >= reach || LeaseShareMath.Own(shares, open.Start, holder) > 0)
            {
                return;
            }
        }

        await GiveAsync(exchange, budget, shares, (open, Last(budget, open, reach)), cancellation);
    }

    // Renewed when a quarter of the reach is not covered, not in each exchange: windows of a second would otherwise change their range every time.
    private static LeaseWindow? FirstUncovered(
        LeaseBudget budget, IReadOnlyList<LeaseShare> shares, string holder, LeaseWindow current, long from, long reach)
    {
        var window = current;
        var due = reach - (budget.Windows.Reach / 4);
        while (window.Start < reach)
        {
            var end = CoveredUntil(shares, holder, window.Start);
            if (end is { } covered)
            {
                window = budget.Windows.At(covered);
                continue;
            }

            if (window.Start >= from)
            {
                return window.Start < due || window.Start == current.Start ? window : null;
            }

            window = budget.Windows.After(window);
        }

        return null;
    }

    private static long? CoveredUntil(IReadOnlyList<LeaseShare> shares, string holder, long window)
    {
        long? end = null;
        foreach (var share in shares)
        {
            if (share.Covers(window) && string.Equals(share.Holder, holder, StringComparison.Ordinal) && !(end >= share.End))
            {
                end = share.End;
            }
        }

        return end;
    }

    private static LeaseWindow Last(LeaseBudget budget, LeaseWindow first, long reach)
    {
        var last = budget.Windows.At(reach - 1);
        return last.Start < first.Start ? first : last;
    }

    private static async Task GiveAsync(
        LeaseExchange exchange, LeaseBudget budget, IReadOnlyList<LeaseShare> shares, (LeaseWindow First, LeaseWindow Last) range,
        CancellationToken cancellation)
    {
        var holder = exchange.Request.Holder;
        var others = LeaseShareMath.OfOthers(shares, range.First.Start, range.Last.Start, holder);
        var free = LeaseLimits.Whole - others - await exchange.Store.MostOutAsync(budget.Name, range.First.Start, cancellation);
        var before = Neighbour(shares, holder, range.First);
        var wanted = Math.Min(budget.SlicePpm, (LeaseBounds.AllSharesPpm - others) / 4);
        if (before is not null)
        {
            // What it had it keeps, as long as that fits: shares do not shrink because somebody came later.
            wanted = Math.Max(wanted, Math.Min(Math.Min(before.Ppm, budget.SlicePpm), LeaseBounds.AllSharesPpm - others));
        }

        var ppm = (int)Math.Min(wanted, free);
        if (ppm <= 0)
        {
            return;
        }

        await exchange.GiveAsync(
            budget,
            before is not null && before.Ppm == ppm
                ? before with { Last = range.Last.Start, End = range.Last.End }
                : new LeaseShare(holder, budget.Name, ppm, range.First.Start, range.Last.Start, range.Last.End),
            cancellation);
    }

    private static LeaseShare? Neighbour(IReadOnlyList<LeaseShare> shares, string holder, LeaseWindow window)
    {
        foreach (var share in shares)
        {
            if (share.End == window.Start && string.Equals(share.Holder, holder, StringComparison.Ordinal))
            {
                return share;
            }
        }

        return null;
    }
}
