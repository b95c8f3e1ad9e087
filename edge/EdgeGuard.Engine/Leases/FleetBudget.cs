using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Engine.Leases;

/// <summary>A fleet-wide budget of a bundle: what the control plane hands out of, and what an edge may never go over.</summary>
/// <param name="Name">Policy id, a slash, rule name.</param>
/// <param name="Tier">Plan whose numbers these are; null for the rule's own and those of the default plan.</param>
/// <param name="Units">
/// What may be spent of one key in one window, in millionths of a unit: the budget, or what of it the lowest rejecting staged action leaves. Below 2^53.
/// </param>
/// <param name="Window">How its windows are laid.</param>
/// <param name="Lease">How it is handed out.</param>
public sealed record FleetBudget(string Name, string? Tier, long Units, BudgetWindow Window, LeaseDefinition Lease);
