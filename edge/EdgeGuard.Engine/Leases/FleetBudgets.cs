using System.Collections.Immutable;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;

namespace EdgeGuard.Engine.Leases;

/// <summary>The fleet-wide budgets of a compiled bundle. Edge and control plane read the same numbers by this, whichever of the two asks.</summary>
public static class FleetBudgets
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>All of them, one for each plan of a rule.</summary>
    public static ImmutableArray<FleetBudget> Of(CompiledPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var budgets = ImmutableArray.CreateBuilder<FleetBudget>();
        foreach (var limit in policy.Limits)
        {
            if (limit.Lease is { } lease)
            {
                budgets.Add(new FleetBudget(NameOf(policy, limit), TierOf(limit), (long)limit.Own, limit.Window!, lease));
            }
        }

        return budgets.ToImmutable();
    }

    /// <summary>Start and end, in Unix seconds, of the window that a time is in, by the calendar that edges count by.</summary>
    /// <param name="budget">Whose windows.</param>
    /// <param name="unixSeconds">The time.</param>
    /// <exception cref="TimeZoneNotFoundException">The zone is not one of this machine's.</exception>
    public static (long Start, long End) WindowAt(FleetBudget budget, long unixSeconds)
    {
        ArgumentNullException.ThrowIfNull(budget);
        var span = WindowCalendar.For(budget.Window).SpanAt(unixSeconds * NanosecondsPerSecond);
        return (span.StartNanoseconds / NanosecondsPerSecond, span.EndNanoseconds / NanosecondsPerSecond);
    }

    /// <summary>The name of a limit's budget.</summary>
    internal static string NameOf(CompiledPolicy policy, CompiledLimit limit) => $"{policy.Policies[limit.Policy].Id}/{policy.Rules[limit.Rule].Name}";

    /// <summary>The plan of a limit as it is told to the control plane.</summary>
    internal static string? TierOf(CompiledLimit limit) => limit.Variant.Length == 0 ? null : limit.Variant;
}
