using System.Text;
using System.Text.Json;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Tests.Support;
using EdgeGuard.Testing;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Decide;

/// <summary>The allocation budget of <c>bench/budgets.json</c>, over every way a decision can end.</summary>
public sealed class BudgetTests
{
    [Theory]
    [InlineData("allow", "alice", "1")]
    [InlineData("deny", "alice", "1000000")]
    [InlineData("killed", "mallory", "1")]
    [InlineData("missing", "", "1")]
    [InlineData("bad cost", "alice", "NaN")]
    [InlineData("new keys", "", "1")]
    public void Decide_AnyOutcome_StaysWithinTheAllocationBudget(string name, string tenant, string cost)
    {
        using var harness = new Harness(
            Policy("p", Rule("r", 1000, 1_000_000, Header("t")).WithCost(new CostSource(Header("c"), 1, 1, 0.1)), Rule("s", 10, 1_000_000)),
            Policy("shadow", Rule("r", 10, 10, Header("t"))).AsShadow());
        harness.Snapshot = harness.Snapshot.WithPushedKillSwitches([Kill("k", Header("t"), "mallory")]);
        var facts = new FactSet();
        var values = (Tenant: Encoding.UTF8.GetBytes(tenant), Cost: Encoding.UTF8.GetBytes(cost));
        var key = new byte[4];
        var number = 0;
        const int Decisions = 3000;
        var perDecision = Allocations.Least(() =>
        {
            for (var i = 0; i < Decisions; i++)
            {
                BitConverter.TryWriteBytes(key, number++);
                facts.Begin(harness.Snapshot.Facts);
                facts.Set(0, name == "new keys" ? key : values.Tenant);
                facts.Set(1, values.Cost);
                var view = new RequestView("GET"u8, "localhost"u8, "/v1/items"u8, facts);
                harness.Engine.Decide(harness.Snapshot, in view, harness.Now, out _);
            }
        }) / (double)Decisions;
        Assert.InRange(perDecision, 0, Budget("bytes_per_decision"));
    }

    private static double Budget(string name)
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "EdgeGuard.sln")))
        {
            directory = directory.Parent;
        }

        using var budgets = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory.FullName, "bench", "budgets.json")));
        return budgets.RootElement.GetProperty(name).GetDouble();
    }
}
