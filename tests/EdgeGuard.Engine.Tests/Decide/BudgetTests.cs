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

    public static TheoryData<string, bool> Limiters =>
        new MatrixTheoryData<string, bool>(
            ["cost_based", "fleet", "month", "sliding_window", "concurrency", "llm", "hierarchy", "tiers", "trial", "share", "loop", "near", "breaker", "adaptive"],
            [false, true]);

    [Theory]
    [MemberData(nameof(Limiters))]
    public void Decide_ByAnyLimiter_StaysWithinTheAllocationBudget(string limiter, bool refusing)
    {
        var plenty = refusing ? 3 : 1_000_000_000_000;
        using var harness = new Harness(Limited(limiter, plenty));
        if (limiter == "fleet")
        {
            harness.Table.Leases.Require();
            harness.Table.Leases.Use(harness.Snapshot.Policy!);
            harness.Table.Leases.Hold("0123456789abcdef0123456789abcdef", new byte[32]);
            harness.Table.Leases.SetShares("p/r", [new EdgeGuard.Engine.Leases.LeaseSpan(refusing ? 50_000 : 1_000_000, 0, long.MaxValue)]);
        }

        var facts = new FactSet();
        const int Decisions = 2000;
        var perDecision = Allocations.Least(() =>
        {
            for (var i = 0; i < Decisions; i++)
            {
                facts.Begin(harness.Snapshot.Facts);
                for (var slot = 0; slot < facts.Count; slot++)
                {
                    facts.Set(slot, "value"u8);
                }

                var view = new RequestView("GET"u8, "localhost"u8, "/v1/items"u8, facts, "a=1&b=2"u8);
                harness.Engine.DecideRecorded(harness.Snapshot, in view, harness.Now, out var admission);
                harness.Engine.Settle(admission, new Usage(1, 1), harness.Now);
                harness.Engine.Finish(admission, Ending.Completed, harness.Now);
            }
        }) / (double)Decisions;
        Assert.InRange(perDecision, 0, Budget("bytes_per_decision"));
    }

    private static PolicyDefinition Limited(string limiter, double quota)
    {
        var bucket = new TokenBucketDefinition { TokensPerSecond = quota, Burst = quota };
        var rule = Rule("r", 1, 1, Header("t"));
        return limiter switch
        {
            "cost_based" => Policy("p", rule with { Algorithm = Budgeted(BudgetPeriod.FiveMinutes, "UTC", quota) }),
            "fleet" => Policy("p", rule with { Algorithm = Budgeted(BudgetPeriod.FiveMinutes, "UTC", Math.Min(quota, 1_000_000_000)), Lease = new LeaseDefinition() }),
            "month" => Policy("p", rule with { Algorithm = Budgeted(BudgetPeriod.Month, "Europe/Berlin", quota) }),
            "sliding_window" => Policy("p", rule with { Algorithm = new SlidingWindowDefinition { Limit = quota, Window = TimeSpan.FromMinutes(1) } }),
            "concurrency" => Policy("p", rule with { Algorithm = new ConcurrencyDefinition { Limit = 1 } }),
            "llm" => Policy("p", rule with
            {
                Algorithm = new TokenBucketLlmDefinition { TokensPerMinute = quota, BurstTokens = quota, TokensPerDay = quota },
            }),
            "hierarchy" => Policy("p", rule with
            {
                LimitKeys = [],
                Algorithm = new HierarchyDefinition
                {
                    Levels =
                    [
                        new HierarchyLevel { Name = "a", LimitKeys = [Header("t")], Algorithm = bucket },
                        new HierarchyLevel { Name = "b", LimitKeys = [Header("t"), Header("u")], Algorithm = bucket, Borrow = new BorrowDefinition(100, 10) },
                    ],
                },
            }),
            "tiers" => Policy("p", rule with
            {
                Algorithm = bucket,
                Tiers = new TiersDefinition { By = Header("u"), Default = "free", Plans = [new TierPlan("free", bucket)], For = Header("u") },
            }),
            "trial" => Policy("p", rule with { Algorithm = bucket, Shadow = bucket }),
            "share" => Policy("p", rule with { Algorithm = bucket, Enforcement = new EnforcementDefinition(50, Header("u")) }),
            "loop" => Policy("p", rule with { Algorithm = bucket }) with { LoopDetection = new LoopDetectionDefinition() },
            "near" => Policy("p", rule with { Algorithm = bucket }) with { LoopDetection = new LoopDetectionDefinition { Near = true } },
            "breaker" => Policy("p", rule with { Algorithm = bucket }) with { CircuitBreaker = new CircuitBreakerDefinition { ThresholdPerMinute = quota } },
            _ => Policy("p", rule with { Algorithm = bucket }) with { AdaptiveConcurrency = new AdaptiveConcurrencyDefinition() },
        };
    }

    private static CostBasedDefinition Budgeted(BudgetPeriod period, string zone, double quota) => new()
    {
        Budget = quota,
        Window = new BudgetWindow { Period = period, TimeZone = zone },
        Actions = [new StagedAction(50, StagedActionKind.Throttle, 10), new StagedAction(100, StagedActionKind.Reject, 0)],
    };

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
