using EdgeGuard.ControlPlane.Data;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Leases;

/// <summary>Leases in the tables of the control plane, within the transaction that the context has open.</summary>
internal sealed class DatabaseLeaseStore(ControlPlaneDbContext rows, string organizationId) : ILeaseStore
{
    public async Task<LeaseOrganization?> OrganizationAsync(CancellationToken cancellation) =>
        await rows.LeaseOrganizations.AsNoTracking().Select(row => new LeaseOrganization(row.Epoch, row.RaisedAt)).SingleOrDefaultAsync(cancellation);

    public async Task SaveAsync(LeaseOrganization organization, CancellationToken cancellation) => await rows.Database.ExecuteSqlAsync($"""
        INSERT INTO lease_organizations (organization_id, epoch, raised_at) VALUES ({organizationId}, {organization.Epoch}, {organization.RaisedAt})
        ON CONFLICT (organization_id) DO UPDATE SET epoch = excluded.epoch, raised_at = excluded.raised_at
        """, cancellation);

    public async Task<LeaseHolder?> HolderAsync(string holder, CancellationToken cancellation) =>
        await rows.LeaseHolders.AsNoTracking().Where(row => row.Holder == holder)
            .Select(row => new LeaseHolder(row.Holder, row.EdgeId, row.Retired == 1, row.SeenAt)).SingleOrDefaultAsync(cancellation);

    public Task<int> HoldersOfAsync(string edgeId, CancellationToken cancellation) =>
        rows.LeaseHolders.CountAsync(row => row.EdgeId == edgeId, cancellation);

    public async Task SaveAsync(LeaseHolder holder, CancellationToken cancellation)
    {
        var retired = holder.Retired ? 1 : 0;
        await rows.Database.ExecuteSqlAsync($"""
            INSERT INTO lease_holders (organization_id, holder, edge_id, retired, seen_at)
            VALUES ({organizationId}, {holder.Id}, {holder.EdgeId}, {retired}, {holder.SeenAt})
            ON CONFLICT (organization_id, holder) DO UPDATE SET retired = excluded.retired, seen_at = excluded.seen_at
            """, cancellation);
    }

    public async Task<LeaseBudgetState?> BudgetAsync(string budget, CancellationToken cancellation) =>
        await rows.LeaseBudgets.AsNoTracking().Where(row => row.Budget == budget)
            .Select(row => new LeaseBudgetState(row.Budget, row.Identity, row.FrozenUntil)).SingleOrDefaultAsync(cancellation);

    public async Task SaveAsync(LeaseBudgetState state, CancellationToken cancellation) => await rows.Database.ExecuteSqlAsync($"""
        INSERT INTO lease_budgets (organization_id, budget, identity, frozen_until)
        VALUES ({organizationId}, {state.Budget}, {state.Identity}, {state.FrozenUntil})
        ON CONFLICT (organization_id, budget) DO UPDATE SET identity = excluded.identity, frozen_until = excluded.frozen_until
        """, cancellation);

    public async Task<IReadOnlyList<LeaseShare>> SharesAsync(string budget, long endsAfter, CancellationToken cancellation) =>
        await Shares(rows.LeaseShares.Where(row => row.Budget == budget && row.LastEnd > endsAfter)).ToListAsync(cancellation);

    public async Task<IReadOnlyList<LeaseShare>> SharesOfAsync(string holder, long endsAfter, CancellationToken cancellation) =>
        await Shares(rows.LeaseShares.Where(row => row.Holder == holder && row.LastEnd > endsAfter)).ToListAsync(cancellation);

    public async Task SaveAsync(LeaseShare share, CancellationToken cancellation) => await rows.Database.ExecuteSqlAsync($"""
        INSERT INTO lease_shares (organization_id, budget, holder, first_window, last_window, last_end, ppm)
        VALUES ({organizationId}, {share.Budget}, {share.Holder}, {share.First}, {share.Last}, {share.End}, {share.Ppm})
        ON CONFLICT (organization_id, budget, holder, first_window)
        DO UPDATE SET last_window = excluded.last_window, last_end = excluded.last_end, ppm = excluded.ppm
        """, cancellation);

    public async Task<IReadOnlyList<LeaseHold>> HoldsAsync(string budget, string key, long window, CancellationToken cancellation) =>
        await Holds(rows.LeaseHolds.Where(row => row.Budget == budget && row.Key == key && row.WindowStart == window).OrderBy(row => row.Holder))
            .ToListAsync(cancellation);

    public async Task<IReadOnlyList<LeaseHold>> HoldsOfAsync(string holder, long endsAfter, CancellationToken cancellation) =>
        await Holds(rows.LeaseHolds.Where(row => row.Holder == holder && row.WindowEnd > endsAfter)).ToListAsync(cancellation);

    public async Task<IReadOnlyList<LeaseHold>> RecalledAsync(string holder, long after, int most, CancellationToken cancellation) =>
        await Holds(rows.LeaseHolds.Where(row => row.Holder == holder && row.RecalledAt > 0 && row.RecalledAt > after)
            .OrderByDescending(row => row.RecalledAt).ThenBy(row => row.Key).Take(most)).ToListAsync(cancellation);

    public Task<int> CountHoldsAsync(string holder, string budget, CancellationToken cancellation) =>
        rows.LeaseHolds.CountAsync(row => row.Holder == holder && row.Budget == budget, cancellation);

    public async Task SaveAsync(LeaseHold hold, CancellationToken cancellation) => await rows.Database.ExecuteSqlAsync($"""
        INSERT INTO lease_holds (organization_id, budget, key, window_start, holder, window_end, units, granted, returned, spent, seen, slice,
            granted_at, wanted_at, recalled_at, recalled_tier)
        VALUES ({organizationId}, {hold.Budget}, {hold.Key}, {hold.Window}, {hold.Holder}, {hold.WindowEnd}, {hold.Units}, {hold.Granted},
            {hold.Returned}, {hold.Spent}, {hold.Seen}, {hold.Slice}, {hold.GrantedAt}, {hold.WantedAt}, {hold.RecalledAt}, {hold.RecalledTier})
        ON CONFLICT (organization_id, budget, key, window_start, holder)
        DO UPDATE SET units = excluded.units, granted = excluded.granted, returned = excluded.returned, spent = excluded.spent, seen = excluded.seen,
            slice = excluded.slice, granted_at = excluded.granted_at, wanted_at = excluded.wanted_at, recalled_at = excluded.recalled_at,
            recalled_tier = excluded.recalled_tier
        """, cancellation);

    public async Task<long> MostOutAsync(string budget, long fromWindow, CancellationToken cancellation)
    {
        // A quotient in floating point, so a millionth more than it says: enough for 2^53 units and 15 digits.
        var most = await rows.LeaseHolds.Where(row => row.Budget == budget && row.WindowStart >= fromWindow)
            .GroupBy(row => new { row.Key, row.WindowStart })
            .Select(key => (double?)((double)key.Sum(row => row.Granted - row.Returned) / key.Max(row => row.Units))).MaxAsync(cancellation);
        return most is null or <= 0 ? 0 : (long)Math.Min(2_000_000, Math.Ceiling(most.Value * 1_000_000) + 1);
    }

    public async Task<long> LastEndAsync(string budget, CancellationToken cancellation)
    {
        var hold = await rows.LeaseHolds.Where(row => row.Budget == budget).MaxAsync(row => (long?)row.WindowEnd, cancellation) ?? 0;
        var share = await rows.LeaseShares.Where(row => row.Budget == budget).MaxAsync(row => (long?)row.LastEnd, cancellation) ?? 0;
        return Math.Max(hold, share);
    }

    private static IQueryable<LeaseShare> Shares(IQueryable<LeaseShareRow> shares) => shares.AsNoTracking()
        .Select(row => new LeaseShare(row.Holder, row.Budget, row.Ppm, row.FirstWindow, row.LastWindow, row.LastEnd));

    private static IQueryable<LeaseHold> Holds(IQueryable<LeaseHoldRow> holds) => holds.AsNoTracking().Select(row => new LeaseHold
    {
        Budget = row.Budget,
        Key = row.Key,
        Window = row.WindowStart,
        WindowEnd = row.WindowEnd,
        Holder = row.Holder,
        Units = row.Units,
        Granted = row.Granted,
        Returned = row.Returned,
        Spent = row.Spent,
        Seen = row.Seen,
        Slice = row.Slice,
        GrantedAt = row.GrantedAt,
        WantedAt = row.WantedAt,
        RecalledAt = row.RecalledAt,
        RecalledTier = row.RecalledTier,
    });
}
