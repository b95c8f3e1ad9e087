using EdgeGuard.Contracts;

namespace EdgeGuard.ControlPlane.Leases;

/// <summary>
/// The ledger of fleet-wide budgets: for each key and window, what all holders may spend together is never above the budget. It knows no database, clock or
/// network: everything it goes by is in the store and the arguments, so nothing is different after a restart.
/// </summary>
internal static class LeaseLedger
{
    /// <summary>Works on one exchange, within the store's transaction.</summary>
    /// <param name="store">Leases of the organization.</param>
    /// <param name="terms">What budgets there are.</param>
    /// <param name="edgeId">Who asks, by its credential.</param>
    /// <param name="request">What it says; <see cref="LeaseRequestCheck"/> has passed it.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="cancellation">Gives up; nothing may be committed then.</param>
    public static async Task<LeaseOutcome> ExchangeAsync(
        ILeaseStore store, LeaseTerms terms, string edgeId, LeaseRequest request, long now, CancellationToken cancellation)
    {
        if (request.AppliedEpoch > terms.Epoch)
        {
            return new LeaseOutcome { IsBehind = true };
        }

        var organization = await OrganizationAsync(store, terms, now, cancellation);
        var exchange = new LeaseExchange(store, terms, request, organization, now);
        var holder = await store.HolderAsync(request.Holder, cancellation);
        if (holder is null)
        {
            if (IsFromBeforeRestore(request, terms, organization))
            {
                return Forfeit(request);
            }

            if (await store.HoldersOfAsync(edgeId, cancellation) >= LeaseBounds.MaxHolders)
            {
                return new LeaseOutcome { TooManyHolders = true };
            }

            holder = new LeaseHolder(request.Holder, edgeId, Retired: false, now);
        }
        else if (holder.Retired || !string.Equals(holder.EdgeId, edgeId, StringComparison.Ordinal))
        {
            // Another edge's id: a copied folder. The one that it belongs to keeps it.
            return Forfeit(request);
        }
        else if (request.Confirm && !await HolderCheck.MayGoOnAsync(exchange, cancellation))
        {
            await store.SaveAsync(holder with { Retired = true, SeenAt = now }, cancellation);
            return Forfeit(request);
        }

        await store.SaveAsync(holder with { SeenAt = now }, cancellation);
        return await GiveAsync(exchange, cancellation);
    }

    private static async Task<LeaseOutcome> GiveAsync(LeaseExchange exchange, CancellationToken cancellation)
    {
        var request = exchange.Request;
        foreach (var report in request.Reports)
        {
            await HoldKeeper.TakeAsync(exchange, report, cancellation);
        }

        foreach (var name in request.Budgets)
        {
            if (exchange.Terms.Budgets.TryGetValue(name, out var budget))
            {
                await ShareGiver.GiveAsync(exchange, budget, cancellation);
            }
        }

        var grants = new GrantGiver(exchange);
        foreach (var report in request.Reports)
        {
            if (report.Wants)
            {
                await grants.GiveAsync(report, cancellation);
            }
        }

        var others = new List<(LeaseHolder, LeaseDocument)>();
        foreach (var asked in grants.Asked)
        {
            if (await exchange.Store.HolderAsync(asked, cancellation) is { } holder)
            {
                others.Add((holder, await LeaseWriter.ForRecallAsync(exchange, asked, cancellation)));
            }
        }

        return new LeaseOutcome { Document = await LeaseWriter.ForAnswerAsync(exchange, cancellation), Others = others };
    }

    // A restored database says that its epoch was raised and nothing else: whatever an earlier incarnation gave after the backup is unknown here.
    private static async Task<LeaseOrganization> OrganizationAsync(ILeaseStore store, LeaseTerms terms, long now, CancellationToken cancellation)
    {
        var present = await store.OrganizationAsync(cancellation);
        if (present is not null && present.Epoch == terms.Epoch)
        {
            return present;
        }

        // The first incarnation has none before it.
        var next = new LeaseOrganization(terms.Epoch, present is null && terms.Epoch == 1 ? 0 : now / 1_000);
        await store.SaveAsync(next, cancellation);
        return next;
    }

    // Counters that cannot be proved, with leases of an incarnation that is gone: nobody knows what they had.
    private static bool IsFromBeforeRestore(LeaseRequest request, LeaseTerms terms, LeaseOrganization organization) =>
        request.Confirm && organization.RaisedAt > 0 && request.AppliedEpoch > 0 && request.AppliedEpoch < terms.Epoch;

    private static LeaseOutcome Forfeit(LeaseRequest request) => new()
    {
        Document = new LeaseDocument(request.Holder, string.Empty, 0, [], [], [], Forfeit: true, []),
    };
}
