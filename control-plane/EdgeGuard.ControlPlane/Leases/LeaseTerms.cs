using System.Collections.Immutable;

namespace EdgeGuard.ControlPlane.Leases;

/// <summary>What an exchange is judged by.</summary>
/// <param name="Epoch">Incarnation of the database; a restore raises it.</param>
/// <param name="Budgets">Fleet-wide budgets of the newest bundle by name.</param>
internal sealed record LeaseTerms(long Epoch, ImmutableDictionary<string, LeaseBudget> Budgets);
