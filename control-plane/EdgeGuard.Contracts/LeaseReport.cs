namespace EdgeGuard.Contracts;

/// <summary>What one holder knows of one key of a fleet-wide budget in one window. In the engine's cost units, each below 2^53.</summary>
/// <param name="Budget">Policy id, a slash, rule name.</param>
/// <param name="Key">Salted keyed hash of the key's values, <see cref="LeaseLimits.KeyLength"/> lower-case hex digits: tells no identity.</param>
/// <param name="Tier">Plan of <c>tiers</c> whose numbers hold for the key, null for the rule's own.</param>
/// <param name="Window">Start of the window, Unix seconds.</param>
/// <param name="Granted">Highest total of grants that the edge has seen.</param>
/// <param name="Returned">How much of its allowance it has given back and will never spend.</param>
/// <param name="Spent">How much it has spent, without what it has given back.</param>
/// <param name="Wants">Whether it wants more.</param>
public sealed record LeaseReport(
    string Budget, string Key, string? Tier, long Window, long Granted, long Returned, long Spent, bool Wants);
