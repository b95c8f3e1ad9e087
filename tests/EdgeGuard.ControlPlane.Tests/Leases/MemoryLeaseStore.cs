using EdgeGuard.ControlPlane.Leases;

namespace EdgeGuard.ControlPlane.Tests.Leases;

/// <summary>Leases in memory. A copy is a backup; whoever commits only some exchanges works on a copy and throws it away.</summary>
internal sealed class MemoryLeaseStore : ILeaseStore
{
    private readonly Dictionary<string, LeaseHolder> _holders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LeaseBudgetState> _budgets = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, string, long), LeaseShare> _shares = [];
    private readonly Dictionary<(string Budget, string Key, long Window), SortedDictionary<string, LeaseHold>> _holds = [];
    private LeaseOrganization? _organization;

    public IEnumerable<LeaseShare> Shares => _shares.Values;

    public IEnumerable<LeaseHold> Holds => _holds.Values.SelectMany(holds => holds.Values);

    public MemoryLeaseStore Copy()
    {
        var copy = new MemoryLeaseStore { _organization = _organization };
        foreach (var (id, holder) in _holders)
        {
            copy._holders.Add(id, holder);
        }

        foreach (var (name, budget) in _budgets)
        {
            copy._budgets.Add(name, budget);
        }

        foreach (var (place, share) in _shares)
        {
            copy._shares.Add(place, share);
        }

        foreach (var (place, holds) in _holds)
        {
            copy._holds.Add(place, new SortedDictionary<string, LeaseHold>(holds, StringComparer.Ordinal));
        }

        return copy;
    }

    public Task<LeaseOrganization?> OrganizationAsync(CancellationToken cancellation) => Task.FromResult(_organization);

    public Task SaveAsync(LeaseOrganization organization, CancellationToken cancellation)
    {
        _organization = organization;
        return Task.CompletedTask;
    }

    public Task<LeaseHolder?> HolderAsync(string holder, CancellationToken cancellation) => Task.FromResult(_holders.GetValueOrDefault(holder));

    public Task<int> HoldersOfAsync(string edgeId, CancellationToken cancellation) =>
        Task.FromResult(_holders.Values.Count(holder => holder.EdgeId == edgeId));

    public Task SaveAsync(LeaseHolder holder, CancellationToken cancellation)
    {
        _holders[holder.Id] = holder;
        return Task.CompletedTask;
    }

    public Task<LeaseBudgetState?> BudgetAsync(string budget, CancellationToken cancellation) => Task.FromResult(_budgets.GetValueOrDefault(budget));

    public Task SaveAsync(LeaseBudgetState state, CancellationToken cancellation)
    {
        _budgets[state.Budget] = state;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<LeaseShare>> SharesAsync(string budget, long endsAfter, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<LeaseShare>>(_shares.Values.Where(share => share.Budget == budget && share.End > endsAfter).ToList());

    public Task<IReadOnlyList<LeaseShare>> SharesOfAsync(string holder, long endsAfter, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<LeaseShare>>(_shares.Values.Where(share => share.Holder == holder && share.End > endsAfter).ToList());

    public Task SaveAsync(LeaseShare share, CancellationToken cancellation)
    {
        _shares[(share.Holder, share.Budget, share.First)] = share;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<LeaseHold>> HoldsAsync(string budget, string key, long window, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<LeaseHold>>(_holds.TryGetValue((budget, key, window), out var holds) ? holds.Values.ToList() : []);

    public Task<IReadOnlyList<LeaseHold>> HoldsOfAsync(string holder, long endsAfter, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<LeaseHold>>(Holds.Where(hold => hold.Holder == holder && hold.WindowEnd > endsAfter).ToList());

    public Task<IReadOnlyList<LeaseHold>> RecalledAsync(string holder, long after, int most, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<LeaseHold>>(Holds.Where(hold => hold.Holder == holder && hold.RecalledAt > 0 && hold.RecalledAt > after)
            .OrderByDescending(hold => hold.RecalledAt).ThenBy(hold => hold.Key, StringComparer.Ordinal).Take(most).ToList());

    public Task<int> CountHoldsAsync(string holder, string budget, CancellationToken cancellation) =>
        Task.FromResult(Holds.Count(hold => hold.Holder == holder && hold.Budget == budget));

    public Task SaveAsync(LeaseHold hold, CancellationToken cancellation)
    {
        var place = (hold.Budget, hold.Key, hold.Window);
        if (!_holds.TryGetValue(place, out var holds))
        {
            holds = new SortedDictionary<string, LeaseHold>(StringComparer.Ordinal);
            _holds.Add(place, holds);
        }

        holds[hold.Holder] = hold;
        return Task.CompletedTask;
    }

    public Task<long> MostOutAsync(string budget, long fromWindow, CancellationToken cancellation)
    {
        var most = 0L;
        foreach (var (place, holds) in _holds)
        {
            if (place.Budget == budget && place.Window >= fromWindow)
            {
                most = Math.Max(most, LeaseArithmetic.OutPpm(holds.Values.Sum(hold => hold.Extra), holds.Values.Max(hold => hold.Units)));
            }
        }

        return Task.FromResult(most);
    }

    public Task<long> LastEndAsync(string budget, CancellationToken cancellation) => Task.FromResult(Math.Max(
        _holds.Where(item => item.Key.Budget == budget).SelectMany(item => item.Value.Values).Select(hold => hold.WindowEnd).DefaultIfEmpty().Max(),
        _shares.Values.Where(share => share.Budget == budget).Select(share => share.End).DefaultIfEmpty().Max()));
}
