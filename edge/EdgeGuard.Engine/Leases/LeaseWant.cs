namespace EdgeGuard.Engine.Leases;

/// <summary>A key that runs out of what this edge may spend.</summary>
/// <param name="Budget">Policy id, a slash, rule name.</param>
/// <param name="Tier">Plan whose numbers held for the request; null for the rule's own.</param>
/// <param name="Key">Which key.</param>
/// <param name="Window">Start of the window, Unix seconds.</param>
public readonly record struct LeaseWant(string Budget, string? Tier, LeaseKey Key, long Window);
