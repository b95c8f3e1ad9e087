using EdgeGuard.Contracts;

namespace EdgeGuard.ControlPlane.Leases;

/// <summary>Gives more of a key to who wants it, and asks others back when nothing is left.</summary>
internal sealed class GrantGiver(LeaseExchange exchange)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private int _recalls;

    /// <summary>Holders that were asked to return something.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    /// <summary>Answers one wish.</summary>
    public async Task GiveAsync(LeaseReport report, CancellationToken cancellation)
    {
        if (HoldKeeper.Find(exchange, report) is not var (budget, units, window) ||
            window.Start < await exchange.FrozenBeforeAsync(budget, cancellation))
        {
            return;
        }

        var holds = await exchange.Store.HoldsAsync(report.Budget, report.Key, report.Window, cancellation);
        var own = HoldKeeper.Of(holds, exchange.Request.Holder);
        if (own is null || report.Granted < own.Granted)
        {
            // It has more than it knows: the answer tells it again.
            return;
        }

        var shares = await exchange.SharesAsync(budget, cancellation);
        var extra = 0L;
        var rivals = 0;
        foreach (var hold in holds)
        {
            extra += hold.Extra;
            rivals += hold != own && exchange.Now - hold.WantedAt < LeaseTimes.Rivalry ? 1 : 0;
        }

        var left = LeaseArithmetic.Left(units, LeaseShareMath.In(shares, window.Start), extra);
        if (left > 0)
        {
            var more = LeaseArithmetic.Grant(budget, units, left, own, rivals, exchange.Now);
            if (own.Granted + more < LeaseLimits.UnitsEnd)
            {
                await exchange.Store.SaveAsync(
                    own with { Granted = own.Granted + more, Slice = more, GrantedAt = exchange.Now, RecalledAt = 0, RecalledTier = null }, cancellation);
            }
        }

        if (left < Math.Min(budget.Quantum, units))
        {
            await RecallAsync(new Shortage(report, budget, units, window, shares, holds), cancellation);
        }
    }

    private async Task RecallAsync(Shortage shortage, CancellationToken cancellation)
    {
        var (_, budget, units, window, shares, holds) = shortage;
        foreach (var hold in holds)
        {
            var allowance = LeaseArithmetic.Worth(LeaseShareMath.Own(shares, window.Start, hold.Holder), units) + hold.Extra - hold.Spent;
            if (allowance > 0 && exchange.Now - hold.GrantedAt >= LeaseTimes.Rest)
            {
                await AskAsync(shortage, hold, cancellation);
            }
        }

        foreach (var share in shares)
        {
            if (share.Covers(window.Start) && LeaseArithmetic.Worth(share.Ppm, units) > 0 && HoldKeeper.Of(holds, share.Holder) is null &&
                await exchange.Store.CountHoldsAsync(share.Holder, budget.Name, cancellation) < LeaseBounds.MaxHolds)
            {
                await AskAsync(shortage, HoldKeeper.New(budget.Name, shortage.Report.Key, window, share.Holder, units), cancellation);
            }
        }
    }

    private async Task AskAsync(Shortage shortage, LeaseHold hold, CancellationToken cancellation)
    {
        if (string.Equals(hold.Holder, exchange.Request.Holder, StringComparison.Ordinal) || _recalls >= LeaseBounds.MaxRecalls ||
            exchange.Now - hold.RecalledAt < LeaseTimes.RecallEvery || await exchange.Store.HolderAsync(hold.Holder, cancellation) is not { Retired: false })
        {
            return;
        }

        _recalls++;
        _asked.Add(hold.Holder);
        await exchange.Store.SaveAsync(hold with { RecalledAt = exchange.Now, RecalledTier = shortage.Report.Tier }, cancellation);
    }

    private sealed record Shortage(
        LeaseReport Report, LeaseBudget Budget, long Units, LeaseWindow Window, IReadOnlyList<LeaseShare> Shares, IReadOnlyList<LeaseHold> Holds);
}
