namespace EdgeGuard.ControlPlane.Leases;

/// <summary>
/// The leases of one organization within one transaction that no other exchange of the organization runs beside. Everything that was
/// saved is durable once the transaction is committed, or none of it.
/// </summary>
internal interface ILeaseStore
{
    Task<LeaseOrganization?> OrganizationAsync(CancellationToken cancellation);

    Task SaveAsync(LeaseOrganization organization, CancellationToken cancellation);

    Task<LeaseHolder?> HolderAsync(string holder, CancellationToken cancellation);

    /// <summary>How many holders an edge has, retired ones included.</summary>
    Task<int> HoldersOfAsync(string edgeId, CancellationToken cancellation);

    Task SaveAsync(LeaseHolder holder, CancellationToken cancellation);

    Task<LeaseBudgetState?> BudgetAsync(string budget, CancellationToken cancellation);

    Task SaveAsync(LeaseBudgetState state, CancellationToken cancellation);

    /// <summary>Shares of a budget that reach a time or later, of all holders.</summary>
    Task<IReadOnlyList<LeaseShare>> SharesAsync(string budget, long endsAfter, CancellationToken cancellation);

    /// <summary>Shares of a holder that reach a time or later, of all budgets.</summary>
    Task<IReadOnlyList<LeaseShare>> SharesOfAsync(string holder, long endsAfter, CancellationToken cancellation);

    /// <summary>Adds a share, or replaces the one of the same holder, budget and first window.</summary>
    Task SaveAsync(LeaseShare share, CancellationToken cancellation);

    /// <summary>What all holders have of one key in one window.</summary>
    Task<IReadOnlyList<LeaseHold>> HoldsAsync(string budget, string key, long window, CancellationToken cancellation);

    /// <summary>Everything a holder has in windows that end after a time.</summary>
    Task<IReadOnlyList<LeaseHold>> HoldsOfAsync(string holder, long endsAfter, CancellationToken cancellation);

    /// <summary>What a holder was asked to return after a time (Unix milliseconds), newest first.</summary>
    Task<IReadOnlyList<LeaseHold>> RecalledAsync(string holder, long after, int most, CancellationToken cancellation);

    Task<int> CountHoldsAsync(string holder, string budget, CancellationToken cancellation);

    Task SaveAsync(LeaseHold hold, CancellationToken cancellation);

    /// <summary>
    /// Over all keys and all windows from one on: the most of a key's budget that is out beyond shares, in millionths rounded up, at least 0.
    /// </summary>
    Task<long> MostOutAsync(string budget, long fromWindow, CancellationToken cancellation);

    /// <summary>End of the last window that anything was given of, Unix seconds; 0 for nothing.</summary>
    Task<long> LastEndAsync(string budget, CancellationToken cancellation);
}
