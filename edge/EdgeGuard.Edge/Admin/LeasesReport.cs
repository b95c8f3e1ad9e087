using System.Collections.Immutable;
using EdgeGuard.Edge.Leases;

namespace EdgeGuard.Edge.Admin;

/// <summary>Leases of fleet-wide budgets.</summary>
/// <param name="AgeSeconds">How long ago the control plane answered; null for never.</param>
/// <param name="Exchanges">Answered since the process started.</param>
/// <param name="Failures">Failed since the process started.</param>
/// <param name="Asked">How often more of a key was asked for.</param>
/// <param name="Keys">Keys that leases are held of.</param>
/// <param name="Problem">Why the last exchange failed, or null.</param>
/// <param name="Budgets">What is held, by budget.</param>
internal sealed record LeasesReport(
    double? AgeSeconds, long Exchanges, long Failures, long Asked, long Keys, string? Problem, ImmutableArray<LeaseBudgetReport> Budgets);
