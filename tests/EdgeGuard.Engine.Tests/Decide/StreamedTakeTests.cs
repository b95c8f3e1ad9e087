using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Decide;

/// <summary>What a stream takes beyond its reservation, four bytes a token.</summary>
public sealed class StreamedTakeTests
{
    private static readonly TokenBucketLlmDefinition Tokens = new() { TokensPerMinute = 1, BurstTokens = 1000, DefaultMaxCompletion = 100, BufferTokens = 50 };

    [Fact]
    public void Stream_GoesOnToTheLastTokenOfItsBudget_AndNoFurther()
    {
        using var harness = new Harness(Policy("p", Llm(Tokens)));
        harness.Decide(out var admission);
        var passed = 0;
        while (GoesOn(harness, admission, passed + 1))
        {
            passed++;
        }

        Assert.Equal(1000, passed);
        Finish(harness, admission, passed);
        Assert.Equal(Reason.TpmExceeded, harness.Decide().Reason);
    }

    [Theory]
    [InlineData(1, 899)]
    [InlineData(100, 800)]
    [InlineData(101, 799)]
    [InlineData(730, 170)]
    public void Stream_ThatEndsEarlier_GivesBackWhatItTookTooMuch(int passed, long left)
    {
        using var harness = new Harness(Policy("p", Llm(Tokens with { TokensPerDay = 2000 })));
        harness.Decide(out var admission);
        for (var i = 1; i <= passed; i++)
        {
            Assert.True(GoesOn(harness, admission, i));
        }

        Finish(harness, admission, passed);
        Assert.Equal(left, harness.Decide().Remaining);
    }

    [Fact]
    public void Usage_ToldAtTheEnd_IsCharged()
    {
        using var harness = new Harness(Policy("p", Llm(Tokens)));
        harness.Decide(out var admission);
        Assert.True(GoesOn(harness, admission, 400));
        harness.Engine.Settle(admission, new Usage(10, 390), harness.Now);
        harness.Engine.Finish(admission, Ending.Completed, harness.Now);
        Assert.Equal(500, harness.Decide().Remaining);
    }

    [Fact]
    public void DayAtItsEnd_EndsTheStream_ThoughTheMinuteHasMore()
    {
        using var harness = new Harness(Policy("p", Llm(Tokens with { TokensPerDay = 250 })));
        harness.Decide(out var admission);
        Assert.True(GoesOn(harness, admission, 250));
        Assert.False(GoesOn(harness, admission, 251));
        Finish(harness, admission, 250);
        Assert.Equal(Reason.TpdExceeded, harness.Decide().Reason);
    }

    [Fact]
    public void LongestCompletion_AndLongestRequest_EndTheStream()
    {
        using var harness = new Harness(Policy("p", Llm(Tokens with { MaxCompletionTokens = 120 })));
        harness.Decide(out var admission);
        Assert.True(GoesOn(harness, admission, 120));
        Assert.False(GoesOn(harness, admission, 121));

        using var other = new Harness(Policy("p", Llm(Tokens with { MaxTokensPerRequest = 130 })));
        other.Decide(out var second);
        Assert.True(GoesOn(other, second, 130));
        Assert.False(GoesOn(other, second, 131));
    }

    [Fact]
    public void Shadow_EndsNothing()
    {
        using var harness = new Harness(Policy("p", Llm(Tokens)).AsShadow());
        harness.Decide(out var admission);
        Assert.True(GoesOn(harness, admission, 5000));
    }

    [Fact]
    public void Streams_OfManyThreads_NeverTakeMoreThanThereIs()
    {
        const int Threads = 8;
        using var harness = new Harness(Policy("p", Llm(Tokens with { BurstTokens = 5000, BufferTokens = 7 })));
        var admissions = new Admission[Threads];
        for (var i = 0; i < Threads; i++)
        {
            harness.Decide(out admissions[i]);
        }

        var passed = new int[Threads];
        var now = harness.Now;
        Storm.Run(Threads, thread =>
        {
            while (harness.Engine.TryGoOn(admissions[thread], default, new StreamedText(4L * (passed[thread] + 1), 0), now))
            {
                passed[thread]++;
            }
        });

        // Whoever ended early may have left to others what they had taken ahead: never more than all, and nothing of it is lost.
        Assert.InRange(passed.Sum(), Threads * 100, 5000);
        for (var i = 0; i < Threads; i++)
        {
            Finish(harness, admissions[i], passed[i]);
        }

        var left = 5000 - passed.Sum();
        var decision = harness.Decide();
        Assert.Equal(left >= 100, decision.IsAdmitted);
        Assert.Equal(left >= 100 ? left - 100 : left, decision.Remaining);
    }

    private static bool GoesOn(Harness harness, Admission admission, int tokens) =>
        harness.Engine.TryGoOn(admission, default, new StreamedText(4L * tokens, 0), harness.Now);

    private static void Finish(Harness harness, Admission admission, int tokens)
    {
        harness.Engine.SettleStreamed(admission, default, new StreamedText(4L * tokens, 0), harness.Now);
        harness.Engine.Finish(admission, Ending.Ignored, harness.Now);
    }

    private static RuleDefinition Llm(TokenBucketLlmDefinition definition) => new() { Name = "r", Algorithm = definition };
}
