using EdgeGuard.Contracts;

namespace EdgeGuard.Edge.Leases;

/// <summary>Whether a lease document keeps to the bounds of the protocol. A signature tells who made it, not that it makes sense.</summary>
internal static class LeaseDocumentCheck
{
    private const int MaxBudgetName = 300;

    /// <summary>Whether all of it does.</summary>
    public static bool IsSane(LeaseDocument? document) =>
        document is { Holder: not null, Salt: not null, Standing: not null, Grants: not null, Recalls: not null, Frozen: not null }
        && document.Standing.Count <= 4 * LeaseLimits.MaxBudgets
        && document.Grants.Count <= LeaseLimits.MaxGrants
        && document.Recalls.Count <= LeaseLimits.MaxRecalls
        && document.Standing.All(IsSane)
        && document.Grants.All(grant => grant is { Budget: { Length: <= MaxBudgetName }, Key: not null, Total: >= 0 and < LeaseLimits.UnitsEnd })
        && document.Recalls.All(recall => recall is { Budget: { Length: <= MaxBudgetName }, Key: not null });

    private static bool IsSane(LeaseStanding? standing) =>
        standing is { Budget: { Length: <= MaxBudgetName }, SharePpm: >= 0 and <= LeaseLimits.Whole } && standing.FirstWindow <= standing.LastWindow;
}
