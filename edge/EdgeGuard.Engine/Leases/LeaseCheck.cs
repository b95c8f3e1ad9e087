using System.Runtime.CompilerServices;
using EdgeGuard.Engine.Compile;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;

namespace EdgeGuard.Engine.Leases;

/// <summary>
/// Fleet-wide budgets in a decision: the counter has the name that the key has at every edge, and what may be used of it is what this edge holds. A rule
/// that only shadows counts what it sees itself against the whole budget, and asks for nothing.
/// </summary>
internal static class LeaseCheck
{
    private const ulong Thousand = 1000;

    public static bool IsLeased(CounterTable table, in Reservation reservation) => !reservation.Shadow && table.Leases.IsRequired;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsLeased(CounterTable table, in LimitBinding binding, in Reservation reservation) => binding.Lease is not null && IsLeased(table, in reservation);

    /// <summary>Checks the counter; what may be used of it becomes its capacity. Asks for more when little is left.</summary>
    /// <returns>The capacity.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ulong Check(CounterTable table, in LimitBinding binding, FactSet facts, ref Reservation reservation, long nanoseconds)
    {
        var leases = table.Leases;
        var lease = binding.Lease!;
        var names = lease.Slot.IsSuspended ? null : leases.Names;
        if (names is not null)
        {
            reservation.Key = names.Of(lease, in reservation.Key, facts);
        }

        WindowCounter.Check(table, binding.Window!, ref reservation, nanoseconds);
        reservation.Capacity = 0;
        if (names is null)
        {
            leases.CountRefused();
            return 0;
        }

        var allowance = leases.AllowanceOf(lease, in reservation);
        if (!ReferenceEquals(names, leases.Names))
        {
            // The shares may be those of another holder, and the counter is the former one's.
            leases.CountRefused();
            return 0;
        }

        reservation.Capacity = allowance;
        var after = reservation.Deficit + reservation.Cost;
        if (after > allowance || allowance - after < lease.LowWater)
        {
            Ask(leases, lease, facts, in reservation, after > allowance);
        }

        return allowance;
    }

    /// <summary>What is told of it.</summary>
    public static LeaseReading Tell(CounterTable table, CompiledLimit limit, in LimitBinding binding, in Reservation reservation)
    {
        if (!IsLeased(table, in binding, in reservation))
        {
            return default;
        }

        var lease = binding.Lease!;
        var standing = Math.Min(lease.Standing((long)reservation.Clock / LeaseCells.NanosecondsPerSecond), reservation.Capacity);
        var state = !table.Leases.IsOpen || lease.Slot.IsSuspended ? LeaseState.Closed
            : table.Leases.IsExhausted(lease, in reservation) ? LeaseState.Exhausted
            : LeaseState.Held;
        return new LeaseReading(state, Thousandths(limit, reservation.Capacity), Thousandths(limit, standing));
    }

    private static void Ask(FleetLeases leases, LeaseLimit lease, FactSet facts, in Reservation reservation, bool refused)
    {
        if (refused)
        {
            leases.CountRefused();
        }

        leases.Want(lease, in reservation, facts);
    }

    private static long Thousandths(CompiledLimit limit, ulong units) => (long)limit.PerToken.Quotient(units * Thousand);
}
