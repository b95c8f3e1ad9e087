using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Decide;

public sealed class SettleTests
{
    private static readonly TokenBucketLlmDefinition Tokens = new() { TokensPerMinute = 1, BurstTokens = 1000, DefaultMaxCompletion = 100 };

    [Theory]
    [InlineData(100, 800)]
    [InlineData(30, 870)]
    [InlineData(0, 900)]
    [InlineData(250, 650)]
    [InlineData(5000, 0)]
    public void Settle_ActualUsage_IsWhatIsCharged(long actual, long left)
    {
        using var harness = new Harness(Policy("p", Llm(Tokens)));
        harness.Decide(out var admission);
        harness.Engine.Settle(admission, new Usage(actual, 0), harness.Now);
        harness.Engine.Settle(admission, new Usage(0, 0), harness.Now);
        harness.Engine.Finish(admission, Ending.Completed, harness.Now);
        harness.Engine.Settle(admission, new Usage(0, 0), harness.Now);
        Assert.Equal(left, harness.Decide().Remaining);
    }

    /// <summary>An epoch is 2 h 26 min: whoever touches the counter first in a new one must not cost those under way their refund.</summary>
    [Fact]
    public void Settle_EpochTurnsMeanwhile_GivesBackAllTheSame()
    {
        using var harness = new Harness(Policy("p", Llm(Tokens)));
        harness.Nanoseconds = (((harness.Nanoseconds >> CellMeta.EpochShift) + 1) << CellMeta.EpochShift) - 1_000_000_000;
        harness.Decide(out var admission);
        harness.Advance(2);
        Assert.Equal(800, harness.Decide().Remaining);
        harness.Engine.Settle(admission, new Usage(0, 0), harness.Now);
        Assert.Equal(800, harness.Decide().Remaining);
    }

    [Fact]
    public void Settle_DayAndMinute_AreBothSettled()
    {
        using var harness = new Harness(Policy("p", Llm(Tokens with { TokensPerDay = 250 })));
        for (var i = 0; i < 5; i++)
        {
            Assert.True(harness.Decide(out var admission).IsAdmitted);
            harness.Engine.Settle(admission, new Usage(20, 10), harness.Now);
            harness.Engine.Finish(admission, Ending.Completed, harness.Now);
        }

        // 150 of 250 are used: 100 fit once more and then no longer.
        Assert.True(harness.Decide().IsAdmitted);
        Assert.Equal(Reason.TpdExceeded, harness.Decide().Reason);
    }

    [Fact]
    public void Finish_Twice_ReleasesOneSlot()
    {
        var rule = new RuleDefinition { Name = "r", Algorithm = new ConcurrencyDefinition { Limit = 2 } };
        using var harness = new Harness(Policy("p", rule));
        harness.Decide(out var first);
        harness.Decide(out var second);
        Assert.False(harness.Decide().IsAdmitted);
        harness.Engine.Finish(first, Ending.Completed, harness.Now);
        harness.Engine.Finish(first, Ending.Dropped, harness.Now);
        Assert.True(harness.Decide(out var third).IsAdmitted);
        Assert.False(harness.Decide().IsAdmitted);

        // The third has the record of the first: an old handle says nothing to it.
        harness.Engine.Finish(first, Ending.Completed, harness.Now);
        Assert.False(harness.Decide().IsAdmitted);
        harness.Engine.Finish(second, Ending.Completed, harness.Now);
        harness.Engine.Finish(third, Ending.Completed, harness.Now);
        Assert.Equal(0, harness.Engine.OpenAdmissions);
    }

    private static RuleDefinition Llm(TokenBucketLlmDefinition definition) => new() { Name = "r", Algorithm = definition };
}
