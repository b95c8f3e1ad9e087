using EdgeGuard.Contracts;

namespace EdgeGuard.ControlPlane.Leases;

/// <summary>Writes what a holder is told, from what the store has: all of it is cumulative, so it may be told twice or late.</summary>
internal static class LeaseWriter
{
    /// <summary>The answer to an exchange.</summary>
    public static async Task<LeaseDocument> ForAnswerAsync(LeaseExchange exchange, CancellationToken cancellation)
    {
        var request = exchange.Request;
        var grants = new List<LeaseGrant>();
        foreach (var report in request.Reports)
        {
            if (HoldKeeper.Find(exchange, report) is not var (budget, _, window) ||
                window.Start < await exchange.FrozenBeforeAsync(budget, cancellation))
            {
                continue;
            }

            var own = HoldKeeper.Of(await exchange.Store.HoldsAsync(report.Budget, report.Key, report.Window, cancellation), request.Holder);
            if (own is { Granted: > 0 })
            {
                grants.Add(new LeaseGrant(report.Budget, report.Key, report.Window, own.Granted));
            }
        }

        var frozen = new List<LeaseFreeze>();
        foreach (var name in request.Budgets)
        {
            if (exchange.Terms.Budgets.TryGetValue(name, out var budget) && await FrozenUntilAsync(exchange, budget, cancellation) is { } until)
            {
                frozen.Add(new LeaseFreeze(name, until));
            }
        }

        return new LeaseDocument(
            request.Holder, string.Empty, Horizon(exchange), await StandingAsync(exchange, request.Holder, cancellation), grants,
            await RecallsAsync(exchange, request.Holder, cancellation), Forfeit: false, frozen);
    }

    /// <summary>What a holder is told that is asked to return something, without having asked anything itself.</summary>
    public static async Task<LeaseDocument> ForRecallAsync(LeaseExchange exchange, string holder, CancellationToken cancellation) => new(
        holder, string.Empty, Horizon(exchange), await StandingAsync(exchange, holder, cancellation), [],
        await RecallsAsync(exchange, holder, cancellation), Forfeit: false, []);

    private static async Task<IReadOnlyList<LeaseStanding>> StandingAsync(LeaseExchange exchange, string holder, CancellationToken cancellation)
    {
        var standing = new List<LeaseStanding>();
        foreach (var share in await exchange.Store.SharesOfAsync(holder, exchange.Seconds - LeaseTimes.Grace, cancellation))
        {
            standing.Add(new LeaseStanding(share.Budget, share.Ppm, share.First, share.Last));
        }

        return standing;
    }

    private static async Task<IReadOnlyList<LeaseRecall>> RecallsAsync(LeaseExchange exchange, string holder, CancellationToken cancellation)
    {
        var recalls = new List<LeaseRecall>();
        foreach (var hold in await exchange.Store.RecalledAsync(holder, exchange.Now - LeaseTimes.RecallFor, LeaseLimits.MaxRecalls, cancellation))
        {
            if (!exchange.Terms.Budgets.TryGetValue(hold.Budget, out var budget))
            {
                continue;
            }

            // Said until what it reports leaves nothing over.
            var share = LeaseShareMath.Own(await exchange.SharesAsync(budget, cancellation), hold.Window, holder);
            if (LeaseArithmetic.Worth(share, hold.Units) + hold.Extra > hold.Spent)
            {
                recalls.Add(new LeaseRecall(hold.Budget, hold.Key, hold.Window, hold.RecalledTier));
            }
        }

        return recalls;
    }

    private static async Task<long?> FrozenUntilAsync(LeaseExchange exchange, LeaseBudget budget, CancellationToken cancellation)
    {
        var before = await exchange.FrozenBeforeAsync(budget, cancellation);
        if (before <= exchange.Seconds && budget.Windows.At(exchange.Seconds).Start >= before)
        {
            return null;
        }

        // The last window that begins before it.
        return budget.Windows.At(before - 1).End;
    }

    // The farthest of all: windows that begin later are reached by no lease of any budget of the request.
    private static long Horizon(LeaseExchange exchange)
    {
        var reach = 0L;
        foreach (var name in exchange.Request.Budgets)
        {
            reach = Math.Max(reach, exchange.Terms.Budgets.TryGetValue(name, out var budget) ? budget.Windows.Reach : 0);
        }

        return exchange.Seconds + reach;
    }
}
