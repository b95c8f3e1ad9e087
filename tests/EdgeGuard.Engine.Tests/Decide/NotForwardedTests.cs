using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Tests.Support;
using EdgeGuard.Testing;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Decide;

/// <summary>A request that was admitted and then never forwarded has consumed nothing; one that was forwarded keeps its charge.</summary>
public sealed class NotForwardedTests
{
    public static TheoryData<string> Limits => ["bucket", "sliding", "budget", "hierarchy", "llm", "loop", "breaker"];

    [Theory]
    [MemberData(nameof(Limits))]
    public void Finish_NotForwarded_GivesBackWhatWasTaken(string limit)
    {
        using var harness = new Harness(Waiting(), Limited(limit));
        for (var i = 0; i < 50; i++)
        {
            var decision = harness.Decide(out var admission);
            Assert.True(decision is { Verdict: Verdict.Throttle, Reason: Reason.None }, $"{i}: {decision.Reason}");
            harness.Advance(0.001);
            harness.Engine.Finish(admission, Ending.NotForwarded, harness.Now);
            harness.Engine.Finish(admission, Ending.NotForwarded, harness.Now);
        }

        // What is there is what was there in the beginning, and no more.
        Assert.Equal(3, Forwarded(harness));
        Assert.Equal(0, harness.Engine.OpenAdmissions);
    }

    [Fact]
    public void Finish_NotForwarded_GivesASlotBack()
    {
        using var harness = new Harness(Waiting(), Limited("concurrency"));
        harness.Decide(out var admission);
        harness.Engine.Finish(admission, Ending.NotForwarded, harness.Now);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(harness.Decide(out _).IsAdmitted);
        }

        Assert.Equal(Reason.ConcurrencyExceeded, harness.Decide().Reason);
    }

    [Theory]
    [InlineData(Ending.Completed)]
    [InlineData(Ending.Dropped)]
    [InlineData(Ending.Ignored)]
    public void Finish_Forwarded_KeepsItsCharge(Ending ending)
    {
        using var harness = new Harness(Waiting(), Limited("bucket"));
        harness.Decide(out var admission);
        harness.Engine.Finish(admission, ending, harness.Now);
        Assert.Equal(2, Forwarded(harness));
    }

    [Fact]
    public void Finish_NotForwardedAfterItWasSettled_GivesTokensBackOnce()
    {
        using var harness = new Harness(Waiting(), Limited("llm"));
        harness.Decide(out _);
        harness.Decide(out var admission);
        harness.Engine.Settle(admission, default, harness.Now);
        harness.Engine.Finish(admission, Ending.NotForwarded, harness.Now);
        Assert.Equal(2, Forwarded(harness));
    }

    [Fact]
    public void Finish_NotForwardedInTheNextWindow_LeavesThatOneAlone()
    {
        using var harness = new Harness(Waiting(), Limited("budget"));
        harness.Decide(out var admission);
        harness.Advance(86_400);
        Assert.Equal(2, Forwarded(harness, 2));
        harness.Engine.Finish(admission, Ending.NotForwarded, harness.Now);
        Assert.Equal(1, Forwarded(harness));
    }

    /// <summary>Refilled by itself, emptied again: there is nothing that the late one could give back to.</summary>
    [Fact]
    public void Finish_NotForwardedAfterABucketWasFullAgain_GivesNothing()
    {
        for (var beginnings = 1; beginnings < 20; beginnings++)
        {
            using var harness = new Harness(Waiting(), Policy("limited", Rule("r", 1, 3)));
            harness.Decide(out var admission);
            for (var i = 0; i < beginnings; i++)
            {
                harness.Advance(10);
                harness.Decide(out var other);
                harness.Engine.Finish(other, Ending.Completed, harness.Now);
            }

            harness.Engine.Finish(admission, Ending.NotForwarded, harness.Now);
            Assert.Equal(2, Forwarded(harness));
        }
    }

    [Fact]
    public void Decide_NothingToWaitForAndNothingHeld_IsNotRemembered()
    {
        using var harness = new Harness(Limited("bucket"), Limited("budget"));
        Assert.True(harness.Decide(out var admission).IsAdmitted);
        Assert.True(admission.IsEmpty);
    }

    [Fact]
    public void Finish_NotForwarded_AllocatesNothing()
    {
        using var harness = new Harness(Waiting(), Limited("bucket"));
        var facts = new EdgeGuard.Engine.Facts.FactSet();
        var allocated = Allocations.Least(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                facts.Begin(harness.Snapshot.Facts);
                var view = new RequestView("GET"u8, "localhost"u8, "/"u8, facts);
                harness.Engine.Decide(harness.Snapshot, in view, harness.Now, out var admission);
                harness.Engine.Finish(admission, Ending.NotForwarded, harness.Now);
            }
        });
        Assert.Equal(0, allocated);
    }

    private static int Forwarded(Harness harness, int most = 10)
    {
        var count = 0;
        for (var i = 0; i < most && harness.Decide(out var admission).IsAdmitted; i++)
        {
            harness.Engine.Finish(admission, Ending.Completed, harness.Now);
            count++;
        }

        return count;
    }

    // Throttles every request and refuses none.
    private static PolicyDefinition Waiting() => Policy("waiting", new RuleDefinition
    {
        Name = "r",
        Algorithm = new CostBasedDefinition
        {
            Budget = 1_000_000,
            Window = new BudgetWindow { Period = BudgetPeriod.Day },
            Actions = [new StagedAction(0, StagedActionKind.Throttle, 100), new StagedAction(100, StagedActionKind.Reject, 0)],
        },
    });

    // Three requests each.
    private static PolicyDefinition Limited(string limit)
    {
        var bucket = new TokenBucketDefinition { TokensPerSecond = 0.000001, Burst = 3 };
        var day = new BudgetWindow { Period = BudgetPeriod.Day };
        return limit switch
        {
            "bucket" => Of(bucket),
            "sliding" => Of(new SlidingWindowDefinition { Limit = 3, Window = TimeSpan.FromHours(1) }),
            "budget" => Of(new CostBasedDefinition { Budget = 3, Window = day }),
            "llm" => Of(new TokenBucketLlmDefinition { TokensPerMinute = 0.001, BurstTokens = 300, DefaultMaxCompletion = 100, TokensPerDay = 300 }),
            "concurrency" => Of(new ConcurrencyDefinition { Limit = 3 }),
            "hierarchy" => Of(new HierarchyDefinition { Levels = [Level("a", bucket), Level("b", new CostBasedDefinition { Budget = 3, Window = day })] }),
            "loop" => Policy("limited") with { LoopDetection = new LoopDetectionDefinition { Threshold = 4, WindowSeconds = 3600, Near = true } },
            _ => Policy("limited") with { CircuitBreaker = new CircuitBreakerDefinition { ThresholdPerMinute = 4 } },
        };
    }

    private static HierarchyLevel Level(string name, AlgorithmDefinition algorithm) => new() { Name = name, Algorithm = algorithm };

    private static PolicyDefinition Of(AlgorithmDefinition algorithm) => Policy("limited", new RuleDefinition { Name = "r", Algorithm = algorithm });
}
