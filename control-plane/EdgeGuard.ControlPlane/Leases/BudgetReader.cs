using EdgeGuard.Contracts;
using EdgeGuard.ControlPlane.Data;
using Microsoft.EntityFrameworkCore;

namespace EdgeGuard.ControlPlane.Leases;

/// <summary>Reads who holds what of fleet-wide budgets, for people.</summary>
internal sealed class BudgetReader(ControlPlaneDbContext rows, TimeProvider time)
{
    private const int MaxKeys = 1_000;

    /// <summary>Counter units in a unit of a bundle.</summary>
    private const decimal PerUnit = 1_000_000;

    private const decimal PpmInPercent = LeaseLimits.Whole / 100m;

    /// <summary>Every window that something was given of, by budget and start. Windows ahead have shares only.</summary>
    public async Task<IReadOnlyList<BudgetInfo>> ListAsync(CancellationToken cancellation)
    {
        var over = time.GetUtcNow().ToUnixTimeSeconds() - LeaseTimes.Retention;
        var edges = await rows.LeaseHolders.AsNoTracking().ToDictionaryAsync(row => row.Holder, row => row.EdgeId, StringComparer.Ordinal, cancellation);
        var sums = await rows.LeaseHolds.AsNoTracking().Where(row => row.WindowEnd > over)
            .GroupBy(row => new { row.Budget, row.WindowStart, row.WindowEnd, row.Holder })
            .Select(group => new HolderSum(
                group.Key.Budget, group.Key.WindowStart, group.Key.WindowEnd, group.Key.Holder,
                group.Sum(row => (double)row.Granted), group.Sum(row => (double)row.Returned), group.Sum(row => (double)row.Spent)))
            .ToListAsync(cancellation);
        var keys = await rows.LeaseHolds.AsNoTracking().Where(row => row.WindowEnd > over)
            .GroupBy(row => new { row.Budget, row.WindowStart })
            .Select(group => new { group.Key.Budget, group.Key.WindowStart, Count = group.Select(row => row.Key).Distinct().Count() })
            .ToDictionaryAsync(row => (row.Budget, row.WindowStart), row => row.Count, cancellation);
        var shares = await rows.LeaseShares.AsNoTracking().Where(row => row.LastEnd > over)
            .Select(row => new LeaseShare(row.Holder, row.Budget, row.Ppm, row.FirstWindow, row.LastWindow, row.LastEnd)).ToListAsync(cancellation);
        return Windows(sums, shares).Select(window => Info(window, sums, shares, edges, keys.GetValueOrDefault((window.Budget, window.Start)))).ToList();
    }

    /// <summary>Keys of a budget, most spent first.</summary>
    public async Task<IReadOnlyList<BudgetKeyInfo>> KeysAsync(string budget, CancellationToken cancellation)
    {
        var over = time.GetUtcNow().ToUnixTimeSeconds() - LeaseTimes.Retention;
        var keys = await rows.LeaseHolds.AsNoTracking().Where(row => row.Budget == budget && row.WindowEnd > over)
            .GroupBy(row => new { row.Key, row.WindowStart, row.WindowEnd })
            .Select(group => new
            {
                group.Key,
                Units = group.Max(row => row.Units),
                Edges = group.Count(),
                Granted = group.Sum(row => (double)row.Granted),
                Returned = group.Sum(row => (double)row.Returned),
                Spent = group.Sum(row => (double)row.Spent),
            })
            .OrderByDescending(key => key.Spent).ThenBy(key => key.Key.Key).Take(MaxKeys).ToListAsync(cancellation);
        return keys.ConvertAll(key => new BudgetKeyInfo(
            key.Key.Key, Time(key.Key.WindowStart), Time(key.Key.WindowEnd), key.Units / PerUnit, key.Edges, Units(key.Granted),
            Units(key.Returned), Units(key.Spent)));
    }

    private static SortedSet<(string Budget, long Start, long End)> Windows(List<HolderSum> sums, List<LeaseShare> shares)
    {
        var windows = new SortedSet<(string, long, long)>(sums.Select(sum => (sum.Budget, sum.Start, sum.End)));
        foreach (var share in shares.Where(share => !sums.Exists(sum => sum.Budget == share.Budget && share.Covers(sum.Start))))
        {
            // Nobody asked for more yet: the range is told as one.
            windows.Add((share.Budget, share.First, share.End));
        }

        return windows;
    }

    private static BudgetInfo Info(
        (string Budget, long Start, long End) window, List<HolderSum> sums, List<LeaseShare> shares, Dictionary<string, string> edges, int keys)
    {
        var here = sums.Where(sum => sum.Budget == window.Budget && sum.Start == window.Start && sum.End == window.End).ToList();
        var covering = shares.Where(share => share.Budget == window.Budget && share.Covers(window.Start)).ToList();
        var byEdge = here.Select(sum => sum.Holder).Concat(covering.Select(share => share.Holder)).Distinct(StringComparer.Ordinal)
            .GroupBy(holder => edges.GetValueOrDefault(holder, string.Empty), StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group =>
            {
                var holders = group.ToHashSet(StringComparer.Ordinal);
                var own = here.Where(sum => holders.Contains(sum.Holder)).ToList();
                return new BudgetEdgeInfo(
                    group.Key, holders.Count, holders.Sum(holder => LeaseShareMath.Own(covering, window.Start, holder)) / PpmInPercent,
                    Units(own.Sum(sum => sum.Granted)), Units(own.Sum(sum => sum.Returned)), Units(own.Sum(sum => sum.Spent)));
            }).ToList();
        return new BudgetInfo(
            window.Budget, Time(window.Start), Time(window.End), keys, byEdge.Sum(edge => edge.SharePercent), byEdge.Sum(edge => edge.Granted),
            byEdge.Sum(edge => edge.Returned), byEdge.Sum(edge => edge.Spent), byEdge);
    }

    // Of many keys the sum may be more than a whole number holds exactly.
    private static decimal Units(double units) => (decimal)units / PerUnit;

    private static DateTimeOffset Time(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);

    private sealed record HolderSum(string Budget, long Start, long End, string Holder, double Granted, double Returned, double Spent);
}
