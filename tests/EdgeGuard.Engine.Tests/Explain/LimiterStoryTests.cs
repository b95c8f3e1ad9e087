using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Explain;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Explain;

/// <summary>What is told of each limiter, the same by a running engine and offline: the numbers before and after, and why.</summary>
public sealed class LimiterStoryTests
{
    [Theory]
    [InlineData("hierarchy", 3, "org allowed 5: 3 > 2 | user denied 2: 0 > 0", "does not hold the cost for another")]
    [InlineData("llm", 3, "tpm allowed 1000: 800 > 700 | tpd denied 250: 50 > 50", "(tpd_exceeded)")]
    [InlineData("loop", 3, "loop_detection denied 2: 0 > 0", "(loop_detected)")]
    [InlineData("loop throttle", 3, "loop_detection throttled 2: 0 > -1", "delays the answer")]
    [InlineData("breaker", 4, "circuit_breaker denied 3.999: 0.999 > 0.999", "(circuit_breaker_open)")]
    [InlineData("throttle", 3, "r throttled 10: 8 > 7", "delays the answer")]
    [InlineData("warn", 3, "r warned 10: 8 > 7", "marks the answer")]
    [InlineData("sliding", 3, "r denied 2: 0 > 0", "(sliding_window_exceeded)")]
    [InlineData("tiers", 2, "r allowed 5: 4 > 3", "holds the cost of 1")]
    [InlineData("concurrency", 3, "r denied 2: 0 > 0", "(concurrency_exceeded)")]
    [InlineData("adaptive", 3, "adaptive_concurrency denied 2: 0 > 0", "(overload_shed)")]
    [InlineData("outside the share", 3, "r denied 2: 0 > 0", "(token_bucket_exceeded)")]
    [InlineData("trial", 2, "r allowed 5: 4 > 3 | r denied 1: 0 > 0", "does not hold the cost for another")]
    public void Story_OfEachLimiter_TellsTheNumbersAndWhy(string limiter, int requests, string steps, string why)
    {
        using var harness = new Harness(Limited(limiter));
        DecisionStory online = null!;
        for (var i = 0; i < requests; i++)
        {
            online = harness.Story("GET localhost/", (Header("plan"), "pro"));
        }

        var request = new PolicyTestRequest { Headers = [new KeyValuePair<string, string>("plan", "pro")] };
        var test = new PolicyTest
        {
            Name = limiter,
            Steps = [new PolicyTestStep { Times = requests, Duration = TimeSpan.FromHours(1), Request = request, Expect = new PolicyTestExpectation { Verdict = "allow" } }],
        };
        foreach (var story in new[] { online, OfflineStories.Tell(test, Bundle.Compile(Limited(limiter)))[^1] })
        {
            Assert.Equal(steps, string.Join(" | ", story.Steps.Select(Text)));
            Assert.Contains(why, story.Steps[^1].Why, StringComparison.Ordinal);
            Assert.All(story.Steps, step => Assert.Equal(step.Outcome == "denied", step.WaitSeconds > 0));
            Assert.Equal(limiter == "trial" ? "r" : null, story.Trial);
            Assert.Equal(
                limiter == "trial" ? [false, true] : [.. story.Steps.Select(_ => limiter == "outside the share")], story.Steps.Select(step => step.Shadow));
            Assert.Equal(story.Steps[^1].Outcome == "denied" && !story.Steps[^1].Shadow ? "reject" : story.Verdict, story.Verdict);
            Assert.Equal(limiter == "outside the share" ? "allow" : story.Verdict, story.Verdict);
        }
    }

    [Fact]
    public void Story_AfterTokensWereSettled_BeginsWithWhatWasReallyUsed()
    {
        var test = new PolicyTest
        {
            Name = "settled",
            Steps = [new PolicyTestStep { Times = 2, UsageTokens = 30, Request = new PolicyTestRequest(), Expect = new PolicyTestExpectation { Verdict = "allow" } }],
        };
        var story = OfflineStories.Tell(test, Bundle.Compile(Limited("llm")))[^1];
        Assert.Equal("tpm allowed 1000: 970 > 870 | tpd allowed 250: 220 > 120", string.Join(" | ", story.Steps.Select(Text)));
    }

    private static string Text(StoryStep step) =>
        FormattableString.Invariant($"{step.LimitName ?? step.Rule} {step.Outcome} {step.Limit:0.###}: {step.Before:0.###} > {step.After:0.###}");

    private static PolicyDefinition Limited(string limiter)
    {
        var day = new BudgetWindow { Period = BudgetPeriod.Day };
        return limiter switch
        {
            "hierarchy" => Of(new HierarchyDefinition { Levels = [Level("org", 5), Level("user", 2)] }),
            "llm" => Of(new TokenBucketLlmDefinition { TokensPerMinute = 1, BurstTokens = 1000, DefaultMaxCompletion = 100, TokensPerDay = 250 }),
            "loop" => Policy("p") with { LoopDetection = new LoopDetectionDefinition { Threshold = 3 } },
            "loop throttle" => Policy("p") with { LoopDetection = new LoopDetectionDefinition { Threshold = 3, Action = LoopAction.Throttle } },
            "breaker" => Policy("p") with { CircuitBreaker = new CircuitBreakerDefinition { ThresholdPerMinute = 4 } },
            "throttle" => Of(Staged(StagedActionKind.Throttle, 100)),
            "warn" => Of(Staged(StagedActionKind.Warn, 0)),
            "sliding" => Of(new SlidingWindowDefinition { Limit = 2, Window = TimeSpan.FromHours(1) }),
            "concurrency" => Of(new ConcurrencyDefinition { Limit = 2 }),
            "adaptive" => Policy("p") with { AdaptiveConcurrency = new AdaptiveConcurrencyDefinition { MinLimit = 2, MaxLimit = 2, InitialLimit = 2 } },

            // Nobody is in a share of nothing: the rule counts and decides nothing.
            "outside the share" => Policy("p", Rule("r", 0.001, 2) with { Enforcement = new EnforcementDefinition(0, Header("plan")) }),
            "trial" => Policy("p", Rule("r", 0.001, 5) with { Shadow = BucketOf(1) }),
            _ => Policy("p", Rule("r", 0.001, 1) with
            {
                Tiers = new TiersDefinition
                {
                    By = Header("plan"),
                    For = Header("who"),
                    Default = "free",
                    Plans = [new TierPlan("free", BucketOf(1)), new TierPlan("pro", BucketOf(5))],
                },
            }),
        };

        CostBasedDefinition Staged(StagedActionKind kind, int delay) => new()
        {
            Budget = 10,
            Window = day,
            Actions = [new StagedAction(30, kind, delay), new StagedAction(100, StagedActionKind.Reject, 0)],
        };
    }

    private static TokenBucketDefinition BucketOf(double burst) => new() { TokensPerSecond = 0.001, Burst = burst };

    private static HierarchyLevel Level(string name, double burst) => new() { Name = name, Algorithm = BucketOf(burst) };

    private static PolicyDefinition Of(AlgorithmDefinition algorithm) => Policy("p", new RuleDefinition { Name = "r", Algorithm = algorithm });
}
