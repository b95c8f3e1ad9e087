using EdgeGuard.Fleet.Tests.Simulation;

namespace EdgeGuard.Fleet.Tests;

/// <summary>The ledger of the control plane and the books, counters and decisions of edges together.</summary>
public sealed class FleetTests
{
    private const string Team = "team-0";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AnythingThatHappens_AdmitsNoMoreThanTheBudget(int part)
    {
        const int Seeds = 60;
        const int Steps = 200;
        var first = Random.Shared.Next();
        for (var i = 0; i < Seeds; i++)
        {
            var seed = unchecked(first + (i * 4) + part);
            var fleet = new SimulatedFleet(seed);
            try
            {
                for (var step = 0; step < Steps; step++)
                {
                    fleet.Step();
                }
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}: {failure.Message}", failure);
            }
        }
    }

    [Theory]
    [InlineData(1, 100)]
    [InlineData(3, 100)]
    [InlineData(3, 7)]
    [InlineData(8, 1000)]
    [InlineData(5, 1)]
    public void HealthyNetwork_OneEdgeAlone_CanSpendTheWholeBudget(int edges, long budget)
    {
        var fleet = new SimulatedFleet(1, edges, budget);
        Begin(fleet);
        var random = new Random(1);
        for (var turn = 0; turn < 300; turn++)
        {
            fleet.Spend(fleet.Edges[0], Team, 25);
            Turn(fleet, random);
        }

        Assert.Equal(budget, fleet.Admitted(Team));
    }

    [Theory]
    [InlineData(2, 100)]
    [InlineData(3, 1000)]
    [InlineData(8, 50)]
    public void HealthyNetwork_AllEdgesAtOnce_SpendTheWholeBudgetToTheLastUnit(int edges, long budget)
    {
        var fleet = new SimulatedFleet(2, edges, budget);
        Begin(fleet);
        var random = new Random(2);
        for (var turn = 0; turn < 400; turn++)
        {
            foreach (var edge in fleet.Edges)
            {
                fleet.Spend(edge, Team, 3);
            }

            Turn(fleet, random);
        }

        Assert.Equal(budget, fleet.Admitted(Team));
    }

    private static void Begin(SimulatedFleet fleet)
    {
        foreach (var edge in fleet.Edges)
        {
            fleet.Exchange(edge, all: true);
        }
    }

    // 300 ms: all of it stays within one window of five minutes. In no fixed order, as on a network: in a fixed one the last parts of a unit, which nobody can
    // spend alone, go round for ever, because whoever comes after the one that returned them takes them.
    private static void Turn(SimulatedFleet fleet, Random random)
    {
        fleet.Advance(300);
        SimulatedEdge[] edges = [.. fleet.Edges];
        random.Shuffle(edges);
        foreach (var edge in edges)
        {
            fleet.Exchange(edge, all: false);
        }

        fleet.Hold();
    }
}
