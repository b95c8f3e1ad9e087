namespace EdgeGuard.Contracts;

/// <summary>One window of a fleet-wide budget, over all keys. Amounts are in the units of the bundle.</summary>
/// <param name="Budget">Policy id, a slash, rule name.</param>
/// <param name="From">Start of the window.</param>
/// <param name="To">End of the window.</param>
/// <param name="Keys">Keys that edges reported or were given more of.</param>
/// <param name="SharePercent">What edges together may spend of every key without asking.</param>
/// <param name="Granted">What was given beyond that.</param>
/// <param name="Returned">What was given back.</param>
/// <param name="Spent">What edges reported as spent; up to ten seconds old, and without keys that were never reported.</param>
/// <param name="Edges">The same by edge.</param>
public sealed record BudgetInfo(
    string Budget, DateTimeOffset From, DateTimeOffset To, int Keys, decimal SharePercent, decimal Granted, decimal Returned, decimal Spent,
    IReadOnlyList<BudgetEdgeInfo> Edges);
