using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Decide;

/// <summary>A circuit breaker over the tokens of a model counts what was really used.</summary>
public sealed class SpendSettleTests
{
    [Fact]
    public void Settle_LessUsed_LeavesTheBreakerRoom()
    {
        using var harness = new Harness(Guarded());
        for (var i = 0; i < 40; i++)
        {
            var decision = harness.Decide(out var admission);
            Assert.True(decision.IsAdmitted, $"{i}: {decision.Reason}");
            harness.Engine.Settle(admission, new Usage(10, 0), harness.Now);
            harness.Engine.Finish(admission, Ending.Completed, harness.Now);
        }
    }

    [Fact]
    public void Settle_MoreUsed_TheNextRequestOpensTheBreaker()
    {
        using var harness = new Harness(Guarded());
        Assert.True(harness.Decide(out var admission).IsAdmitted);
        harness.Advance(60);
        harness.Engine.Settle(admission, new Usage(5000, 0), harness.Now);
        harness.Engine.Finish(admission, Ending.Completed, harness.Now);
        Assert.Equal(Reason.CircuitBreakerOpen, harness.Decide().Reason);
    }

    [Fact]
    public void Keep_UsageNotKnown_CountsWhatWasReserved()
    {
        using var harness = new Harness(Guarded());
        Assert.Equal(9, harness.Admitted(20));
    }

    // Ten times a hundred tokens a minute open it.
    private static PolicyDefinition Guarded()
    {
        var tokens = new TokenBucketLlmDefinition { TokensPerMinute = 1_000_000, BurstTokens = 1_000_000, DefaultMaxCompletion = 100 };
        return Policy("p", new RuleDefinition { Name = "r", Algorithm = tokens }) with
        {
            CircuitBreaker = new CircuitBreakerDefinition { ThresholdPerMinute = 1000 },
        };
    }
}
