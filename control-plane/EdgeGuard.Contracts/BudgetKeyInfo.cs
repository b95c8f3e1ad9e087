namespace EdgeGuard.Contracts;

/// <summary>One key of a fleet-wide budget in one window, over all edges.</summary>
/// <param name="Key">Salted keyed hash of the key's values: who it is, the control plane does not know.</param>
/// <param name="From">Start of the window.</param>
/// <param name="To">End of the window.</param>
/// <param name="Units">Its budget.</param>
/// <param name="Edges">Edges that reported it or were given more of it.</param>
/// <param name="Granted">What was given beyond standing shares.</param>
/// <param name="Returned">What was given back.</param>
/// <param name="Spent">What was reported as spent.</param>
public sealed record BudgetKeyInfo(
    string Key, DateTimeOffset From, DateTimeOffset To, decimal Units, int Edges, decimal Granted, decimal Returned, decimal Spent);
