namespace EdgeGuard.Contracts;

/// <summary>
/// One exchange about fleet-wide budgets: what an edge holds and has spent, and what it wants more of. All numbers are cumulative, so a lost, repeated or
/// reordered exchange changes nothing.
/// </summary>
/// <param name="Holder">Random id of the counters that hold the leases, <see cref="LeaseLimits.HolderLength"/> lower-case hex digits.</param>
/// <param name="Confirm">
/// True after a start for which the edge cannot prove that its counters are the ones it had: every key that the holder has in its counters is reported, and the
/// plane compares with the highest it has seen.
/// </param>
/// <param name="AppliedEpoch">Highest epoch of a lease document that the edge has taken in; 0 for none.</param>
/// <param name="Budgets">Fleet-wide budgets of the bundle in force, <c>policy/rule</c>; at most <see cref="LeaseLimits.MaxBudgets"/>.</param>
/// <param name="Reports">What changed or wants more; at most <see cref="LeaseLimits.MaxReports"/>.</param>
public sealed record LeaseRequest(
    string Holder, bool Confirm, long AppliedEpoch, IReadOnlyList<string> Budgets, IReadOnlyList<LeaseReport> Reports);
