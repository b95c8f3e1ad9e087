using System.Collections.Immutable;
using EdgeGuard.Contracts;
using EdgeGuard.Engine.Leases;

namespace EdgeGuard.Edge.Leases;

/// <summary>The standing shares of one holder. Of several that cover a window the largest holds, so neither order nor repetition matters.</summary>
internal sealed class LeaseShares(FleetLeases leases)
{
    /// <summary>Shares kept for a budget; more than ever overlap, since those that say the same are one.</summary>
    private const int MaxForBudget = 8;

    private ImmutableSortedDictionary<string, ImmutableArray<LeaseShare>> _shares = ImmutableSortedDictionary<string, ImmutableArray<LeaseShare>>.Empty;

    /// <summary>All, by budget.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<LeaseShare>> All => _shares;

    /// <summary>Puts those that were kept in force.</summary>
    public void Restore(ImmutableSortedDictionary<string, ImmutableArray<LeaseShare>> shares)
    {
        _shares = shares;
        foreach (var budget in shares.Keys)
        {
            Publish(budget);
        }
    }

    /// <summary>Begins with none.</summary>
    public void Clear() => _shares = _shares.Clear();

    /// <summary>Takes one in.</summary>
    public void Add(LeaseStanding standing)
    {
        var added = new LeaseShare(standing.SharePpm, standing.FirstWindow, standing.LastWindow);
        if (_shares.TryGetValue(standing.Budget, out var present) && present.Any(share => share.Ppm == added.Ppm && share.First <= added.First && added.Last <= share.Last))
        {
            return;
        }

        var kept = ImmutableArray.CreateBuilder<LeaseShare>();
        foreach (var share in _shares.GetValueOrDefault(standing.Budget, []))
        {
            if (share.Ppm == added.Ppm && share.First <= added.Last && added.First <= share.Last)
            {
                added = new LeaseShare(added.Ppm, Math.Min(share.First, added.First), Math.Max(share.Last, added.Last));
            }
            else
            {
                kept.Add(share);
            }
        }

        kept.Add(added);

        // Those that end first are over first; to forget one only lowers what may be spent.
        kept.Sort(static (a, b) => b.Last.CompareTo(a.Last));
        _shares = _shares.SetItem(standing.Budget, [.. kept.Take(MaxForBudget)]);
        Publish(standing.Budget);
    }

    private void Publish(string budget) =>
        leases.SetShares(budget, [.. _shares[budget].Select(share => new LeaseSpan(share.Ppm, share.First, share.Last))]);
}
