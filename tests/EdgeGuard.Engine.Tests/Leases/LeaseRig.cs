using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Leases;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Leases;

/// <summary>One edge that spends by leases, of one budget of 100 a day for each team.</summary>
internal sealed class LeaseRig : IDisposable
{
    public const string Budget = "p/spend";
    public const long Unit = 1_000_000;

    /// <summary>2026-01-01T00:00:00Z, in which <see cref="Harness.Start"/> is.</summary>
    public const long Window = 1_767_225_600;

    public LeaseRig(double budget = 100, LeaseDefinition? lease = null)
    {
        Harness = new Harness(Policy("p", Rule(budget, lease)));
        Harness.Table.Leases.Require();
        Harness.Table.Leases.Use(Harness.Snapshot.Policy!);
    }

    public Harness Harness { get; }

    public FleetLeases Leases => Harness.Table.Leases;

    public static RuleDefinition Rule(double budget, LeaseDefinition? lease = null) => new()
    {
        Name = "spend",
        LimitKeys = [Header("team")],
        Algorithm = new CostBasedDefinition
        {
            Budget = budget,
            Window = new BudgetWindow { Period = BudgetPeriod.Day },
            Actions = [new StagedAction(100, StagedActionKind.Reject, 0)],
        },
        Lease = lease ?? new LeaseDefinition(),
    };

    /// <summary>Opens the leases with a standing share.</summary>
    public LeaseRig Open(int sharePpm, string holder = "0123456789abcdef0123456789abcdef", byte salt = 7)
    {
        var bytes = new byte[32];
        bytes.AsSpan().Fill(salt);
        Leases.Hold(holder, bytes);
        Leases.SetShares(Budget, [new LeaseSpan(sharePpm, Window, Window)]);
        return this;
    }

    /// <summary>Reloads with another number.</summary>
    public void Change(double budget)
    {
        Harness.Reload(Policy("p", Rule(budget)));
        Leases.Use(Harness.Snapshot.Policy!);
    }

    public int Spend(int requests, string team = "red") => Harness.Admitted(requests, "GET localhost/", (Header("team"), team));

    public Decision Decide(string team = "red") => Harness.Decide("GET localhost/", (Header("team"), team));

    public LeaseWant Want()
    {
        Assert.True(Leases.TryTakeWant(out var want));
        return want;
    }

    /// <summary>The key of a team, as a want tells it.</summary>
    public LeaseWant WantOf(string team)
    {
        while (Leases.TryTakeWant(out _))
        {
        }

        Spend(200, team);
        return Want();
    }

    public void Dispose() => Harness.Dispose();
}
