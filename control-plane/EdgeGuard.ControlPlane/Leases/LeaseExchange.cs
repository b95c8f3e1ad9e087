using EdgeGuard.Contracts;

namespace EdgeGuard.ControlPlane.Leases;

/// <summary>One exchange while it is worked on.</summary>
internal sealed class LeaseExchange(ILeaseStore store, LeaseTerms terms, LeaseRequest request, LeaseOrganization organization, long now)
{
    private readonly Dictionary<string, IReadOnlyList<LeaseShare>> _shares = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LeaseBudgetState> _states = new(StringComparer.Ordinal);

    public ILeaseStore Store => store;

    public LeaseTerms Terms => terms;

    public LeaseRequest Request => request;

    /// <summary>Unix milliseconds.</summary>
    public long Now => now;

    /// <summary>Unix seconds.</summary>
    public long Seconds => now / 1_000;

    /// <summary>Whether reports of a window are taken and grants given: it is not over for long, and leases reach it.</summary>
    public bool IsLive(LeaseBudget budget, LeaseWindow window) =>
        window.End + LeaseTimes.Grace > Seconds && window.Start < Seconds + budget.Windows.Reach;

    /// <summary>Windows of a budget that begin before this (Unix seconds) get nothing.</summary>
    public async Task<long> FrozenBeforeAsync(LeaseBudget budget, CancellationToken cancellation)
    {
        var restored = organization.RaisedAt > 0 ? organization.RaisedAt + budget.Windows.Reach : 0;
        return Math.Max(restored, (await StateAsync(budget, cancellation)).FrozenUntil);
    }

    /// <summary>Shares of a budget whose windows are not over for long.</summary>
    public async Task<IReadOnlyList<LeaseShare>> SharesAsync(LeaseBudget budget, CancellationToken cancellation)
    {
        if (!_shares.TryGetValue(budget.Name, out var shares))
        {
            shares = await store.SharesAsync(budget.Name, Seconds - LeaseTimes.Grace, cancellation);
            _shares.Add(budget.Name, shares);
        }

        return shares;
    }

    /// <summary>Gives a share.</summary>
    public async Task GiveAsync(LeaseBudget budget, LeaseShare share, CancellationToken cancellation)
    {
        await store.SaveAsync(share, cancellation);
        _shares.Remove(budget.Name);
    }

    // A budget that counts something else by now is another one to every edge that has the new bundle: its counters begin at nothing. What was given and
    // returned before says nothing of them, so the windows that were reached get nothing more.
    private async Task<LeaseBudgetState> StateAsync(LeaseBudget budget, CancellationToken cancellation)
    {
        if (_states.TryGetValue(budget.Name, out var state))
        {
            return state;
        }

        state = await store.BudgetAsync(budget.Name, cancellation);
        if (state is null || !string.Equals(state.Identity, budget.Identity, StringComparison.Ordinal))
        {
            var until = await store.LastEndAsync(budget.Name, cancellation);
            state = new LeaseBudgetState(budget.Name, budget.Identity, Math.Max(state?.FrozenUntil ?? 0, state is null ? 0 : until));
            await store.SaveAsync(state, cancellation);
        }

        _states.Add(budget.Name, state);
        return state;
    }
}
