using EdgeGuard.Contracts;

namespace EdgeGuard.ControlPlane.Leases;

/// <summary>Takes reports in: what a holder has seen, spent and returned. Every number only rises.</summary>
internal static class HoldKeeper
{
    /// <summary>The budget, its units for the reported plan and the window, or null when the report is about nothing that can be leased.</summary>
    public static (LeaseBudget Budget, long Units, LeaseWindow Window)? Find(LeaseExchange exchange, LeaseReport report)
    {
        if (!exchange.Terms.Budgets.TryGetValue(report.Budget, out var budget) || budget.UnitsOf(report.Tier) is not { } units || units <= 0)
        {
            return null;
        }

        return budget.Windows.Named(report.Window) is { } window && exchange.IsLive(budget, window) ? (budget, units, window) : null;
    }

    /// <summary>Writes down what a report says.</summary>
    public static async Task TakeAsync(LeaseExchange exchange, LeaseReport report, CancellationToken cancellation)
    {
        if (Find(exchange, report) is not var (budget, units, window))
        {
            return;
        }

        var holder = exchange.Request.Holder;
        var present = Of(await exchange.Store.HoldsAsync(report.Budget, report.Key, report.Window, cancellation), holder);
        if (present is null && await exchange.Store.CountHoldsAsync(holder, report.Budget, cancellation) >= LeaseBounds.MaxHolds)
        {
            return;
        }

        var before = present ?? New(report.Budget, report.Key, window, holder, units);
        var share = LeaseShareMath.Own(await exchange.SharesAsync(budget, cancellation), window.Start, holder);

        // Before a restore it may have been given more than is known. Nothing more is given of such a window; this is for people to see.
        var frozen = window.Start < await exchange.FrozenBeforeAsync(budget, cancellation);
        var granted = frozen ? Math.Max(before.Granted, Math.Min(report.Granted, units)) : before.Granted;
        var after = before with
        {
            Units = Math.Max(before.Units, units),
            Granted = granted,
            Seen = Math.Max(before.Seen, Math.Min(report.Granted, granted)),
            Spent = Math.Max(before.Spent, report.Spent),

            // Nobody returns more than he was given: what is beyond that would be made of nothing.
            Returned = Math.Max(before.Returned, Math.Min(report.Returned, granted + LeaseArithmetic.Worth(share, units))),
            WantedAt = report.Wants ? exchange.Now : before.WantedAt,
        };
        if (present is null || Differs(after, present))
        {
            await exchange.Store.SaveAsync(after, cancellation);
        }
    }

    /// <summary>A holder's part of a list, or null.</summary>
    public static LeaseHold? Of(IReadOnlyList<LeaseHold> holds, string holder)
    {
        foreach (var hold in holds)
        {
            if (string.Equals(hold.Holder, holder, StringComparison.Ordinal))
            {
                return hold;
            }
        }

        return null;
    }

    /// <summary>A record of one who was given nothing yet.</summary>
    public static LeaseHold New(string budget, string key, LeaseWindow window, string holder, long units) => new()
    {
        Budget = budget,
        Key = key,
        Window = window.Start,
        WindowEnd = window.End,
        Holder = holder,
        Units = units,
    };

    // That it still wants more is worth a write only when it would be forgotten otherwise.
    private static bool Differs(LeaseHold after, LeaseHold before) =>
        after.WantedAt - before.WantedAt > LeaseTimes.Rivalry / 2 || after != before with { WantedAt = after.WantedAt };
}
