using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Decide;

/// <summary>Tokens that are given back long after they were reserved: never to a bucket that has been full since, however often it began anew.</summary>
public sealed class LateRefundTests
{
    private static readonly TokenBucketLlmDefinition Tokens = new() { TokensPerMinute = 6000, BurstTokens = 1000, DefaultMaxCompletion = 100 };

    [Theory]
    [InlineData(6000)]
    [InlineData(1)]
    [InlineData(77_777)]
    [InlineData(1_000_000)]
    public void Choose_WholeTokens_LeavesBitsForBeginnings(double perMinute)
    {
        var scale = BucketScale.Choose(perMinute, perMinute, 64 * perMinute, 60, wholeTokens: true);
        Assert.InRange(scale.SpareBits, 10, 14);
        var granule = 1UL << scale.SpareBits;
        Assert.All([scale.UnitsPerToken, scale.UnitsPerNanosecond, scale.Burst, scale.Debt], units => Assert.Equal(0UL, units % granule));

        // Never faster than the rate, and slower by less than one in a hundred thousand here.
        var rate = (double)scale.UnitsPerNanosecond * 60e9 / scale.UnitsPerToken;
        Assert.InRange(rate, perMinute * (1 - 1e-5), perMinute * (1 + 1e-15));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(4096)]
    [InlineData(65_536)]
    [InlineData(131_072)]
    public void Settle_AfterSoManyBeginnings_GivesNothingBack(int beginnings)
    {
        using var harness = new Harness(Policy("p", Llm()));
        harness.Decide(out var late);
        for (var i = 0; i < beginnings; i++)
        {
            harness.Advance(1.1);
            Assert.Equal(900, Spend(harness));
        }

        harness.Engine.Settle(late, default, harness.Now);
        Assert.Equal(800, Spend(harness));
    }

    [Fact]
    public void Settle_BucketNeverFullSince_GivesAllBack()
    {
        using var harness = new Harness(Policy("p", Llm()));
        harness.Decide(out var late);
        for (var i = 0; i < 1000; i++)
        {
            harness.Advance(0.9);
            Spend(harness);
        }

        var before = Spend(harness);
        harness.Engine.Settle(late, default, harness.Now);
        Assert.Equal(before, Spend(harness));
    }

    /// <summary>Many callers, random times: against a bucket that knows when it was last full.</summary>
    [Fact]
    public void Settle_RandomSchedules_NeverGiveToABucketThatWasFull()
    {
        var random = Seeds.Next(out var seed);
        for (var run = 0; run < 200; run++)
        {
            using var harness = new Harness(Policy("p", Llm()));
            var open = new List<(Admission Admission, int Beginning)>();
            var missing = 0.0;
            var beginning = 0;
            for (var i = 0; i < 200; i++)
            {
                var seconds = random.Next(3) * 0.5;
                harness.Advance(seconds);
                missing = Math.Max(0, missing - (seconds * 100));
                if (open.Count > 0 && random.Next(3) == 0)
                {
                    var (admission, began) = open[random.Next(open.Count)];
                    open.Remove((admission, began));
                    harness.Engine.Settle(admission, default, harness.Now);
                    harness.Engine.Finish(admission, Ending.Completed, harness.Now);
                    missing = began == beginning ? Math.Max(0, missing - 100) : missing;
                    continue;
                }

                var decision = harness.Decide(out var taken);
                if (missing + 100 > 1000)
                {
                    Assert.False(decision.IsAdmitted, $"seed {seed}");
                    continue;
                }

                beginning += missing == 0 ? 1 : 0;
                missing += 100;
                Assert.True(decision.Remaining == (long)(1000 - missing), $"seed {seed}, run {run}, step {i}: {decision.Remaining} and not {1000 - missing}");
                open.Add((taken, beginning));
            }
        }
    }

    private static long Spend(Harness harness)
    {
        var decision = harness.Decide(out var admission);
        harness.Engine.Settle(admission, new Usage(100, 0), harness.Now);
        harness.Engine.Finish(admission, Ending.Completed, harness.Now);
        return decision.Remaining;
    }

    private static RuleDefinition Llm() => new() { Name = "r", Algorithm = Tokens };
}
