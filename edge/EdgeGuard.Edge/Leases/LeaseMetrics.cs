using EdgeGuard.Edge.Metrics;
using EdgeGuard.Engine.Counters;

namespace EdgeGuard.Edge.Leases;

/// <summary>Metrics of leases. Labels are names of the bundle only.</summary>
internal sealed class LeaseMetrics(LeaseStatus status, CounterTable counters) : IMetricSource
{
    /// <inheritdoc />
    public void Write(MetricWriter writer)
    {
        writer.Single("edgeguard_lease_exchanges_total", "counter", "Exchanges about leases that the control plane answered.", status.Exchanges);
        writer.Single("edgeguard_lease_exchange_failures_total", "counter", "Exchanges about leases that failed.", status.Failures);
        writer.Single(
            "edgeguard_lease_exchange_age_seconds", "gauge", "Seconds since the control plane answered an exchange about leases; +Inf for never.",
            status.Age?.TotalSeconds ?? double.PositiveInfinity);
        writer.Single("edgeguard_lease_wants_total", "counter", "How often more of a key of a fleet-wide budget was asked for.", status.Asked);
        writer.Single(
            "edgeguard_lease_refused_total", "counter", "Requests refused because this edge held no more of a fleet-wide budget.", counters.Leases.Refused);
        writer.Single("edgeguard_lease_keys", "gauge", "Keys of fleet-wide budgets that leases are held of.", status.Keys);
        WriteBudgets(writer);
    }

    private void WriteBudgets(MetricWriter writer)
    {
        var budgets = status.Budgets;
        writer.Family("edgeguard_lease_held_units", "gauge", "Units that this edge holds of a fleet-wide budget, spent ones included, over the keys that it has leases of.");
        foreach (var budget in budgets)
        {
            writer.Sample((double)budget.Held, ("budget", budget.Budget));
        }

        writer.Family("edgeguard_lease_spent_units", "gauge", "Units that this edge has spent of what it holds, over the keys that it has leases of.");
        foreach (var budget in budgets)
        {
            writer.Sample((double)budget.Spent, ("budget", budget.Budget));
        }
    }
}
