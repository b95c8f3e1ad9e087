namespace EdgeGuard.Edge.Leases;

/// <summary>What this edge holds of one fleet-wide budget, over all keys that it has asked more of, in units.</summary>
/// <param name="Budget">Policy id, a slash, rule name.</param>
/// <param name="Keys">Keys in windows that are not over.</param>
/// <param name="Held">Standing shares and grants, without what was returned.</param>
/// <param name="Spent">What of it is spent.</param>
/// <param name="Returned">What was given back for others.</param>
internal sealed record LeaseBudgetReport(string Budget, int Keys, decimal Held, decimal Spent, decimal Returned);
