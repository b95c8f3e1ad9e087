namespace EdgeGuard.Contracts;

/// <summary>What one edge holds of one window of a fleet-wide budget, over all keys.</summary>
/// <param name="EdgeId">The edge.</param>
/// <param name="Holders">Sets of counters of the edge; more than one when it lost some.</param>
/// <param name="SharePercent">What it may spend of every key without asking, lost counters included.</param>
/// <param name="Granted">What it was given beyond that.</param>
/// <param name="Returned">What it gave back.</param>
/// <param name="Spent">What it reported as spent.</param>
public sealed record BudgetEdgeInfo(string EdgeId, int Holders, decimal SharePercent, decimal Granted, decimal Returned, decimal Spent);
