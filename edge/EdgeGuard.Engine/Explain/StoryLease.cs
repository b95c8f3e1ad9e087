namespace EdgeGuard.Engine.Explain;

/// <summary>What an edge has of a fleet-wide budget at a decision, in units.</summary>
/// <param name="Allowance">What it may spend in the window in all, with what it has given back.</param>
/// <param name="Standing">What of it needs no question.</param>
/// <param name="Granted">What of it was granted beyond that.</param>
public sealed record StoryLease(decimal Allowance, decimal Standing, decimal Granted);
