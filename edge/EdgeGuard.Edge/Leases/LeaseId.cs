using EdgeGuard.Engine.Leases;

namespace EdgeGuard.Edge.Leases;

/// <summary>One key of a budget in one window.</summary>
internal readonly record struct LeaseId(string Budget, LeaseKey Key, long Window);
