using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Counters;

/// <summary>The product's bucket beside the ideal one, over random schedules.</summary>
public sealed class TokenBucketModelTests
{
    private static readonly decimal[] NiceRates = [0.000001m, 0.1m, 0.5m, 1m, 3m, 7m, 9m, 12.5m, 33.3m, 99m, 100m, 1000m, 123_456m, 1_000_000m];

    private static readonly decimal[] AnyRates = [0.333333333m, 3.14159265m, 77.777777m, 1234.56789m, 7_654_321.5m, 999_999_937m];

    private static readonly decimal[] Costs = [1m, 1m, 1m, 2m, 0.5m, 0.001m, 3.25m, 10m];

    [Fact]
    public void TokenBucket_WithRatesOfFewDigits_IsTheIdealBucketExactly()
    {
        var random = Seeds.Next(out var seed);
        for (var schedule = 0; schedule < 3000; schedule++)
        {
            var rate = NiceRates[random.Next(NiceRates.Length)];
            var burst = Math.Max(rate, 1) * random.Next(1, 4);
            Run(random, rate, burst, exact: true, $"seed {seed} schedule {schedule} rate {rate} burst {burst}");
        }
    }

    [Fact]
    public void TokenBucket_WithAnyRate_NeverAdmitsMoreThanTheIdealBucket()
    {
        var random = Seeds.Next(out var seed);
        for (var schedule = 0; schedule < 2000; schedule++)
        {
            var rate = AnyRates[random.Next(AnyRates.Length)];
            var burst = Math.Max(rate, 1) * random.Next(1, 4);
            Run(random, rate, burst, exact: false, $"seed {seed} schedule {schedule} rate {rate} burst {burst}");
        }
    }

    [Fact]
    public void Choose_AnyRateAndBurst_ErrsByLessThanTheStatedBoundAndAgainstTheClient()
    {
        var random = Seeds.Next(out var seed);
        for (var i = 0; i < 2000; i++)
        {
            var rate = Math.Pow(10, (random.NextDouble() * 15) - 6);
            var burst = rate * (1 + (random.NextDouble() * 1000));
            var scale = BucketScale.Choose(rate, burst);
            var told = $"seed {seed}: rate {rate:R} burst {burst:R} gives {scale}";
            var actual = scale.UnitsPerNanosecond / (double)scale.UnitsPerToken * 1e9 / Math.ScaleB(1, scale.TimeShift);
            Assert.True(actual <= rate * (1 + 1e-15), told);
            Assert.True(actual >= rate * (1 - Math.Max(1e-12, rate / 1e9 / BucketScale.MaxUnitsPerNanosecond)) * (1 - 1e-15), told);
            Assert.InRange(scale.Burst, 1UL, BucketScale.MaxBurst);
            Assert.True(scale.Burst / (double)scale.UnitsPerToken <= burst * (1 + 1e-15), told);
        }
    }

    private static void Run(Random random, decimal rate, decimal burst, bool exact, string told)
    {
        var cost = Costs[random.Next(Costs.Length)];
        cost = Math.Min(cost, burst);
        var rule = Rule("r", (double)rate, (double)burst).WithCost(new CostSource(Query("c"), 1, (double)cost, 0.001));
        using var harness = new Harness(Bundle.Compile(Policy("p", rule)), CounterTable.MinMemoryBytes);
        var ideal = new IdealBucket(rate, burst);
        var token = (long)(1_000_000_000m * cost / rate);
        for (var i = 0; i < 60; i++)
        {
            harness.Nanoseconds += Gap(random, token);
            var asked = random.Next(4) == 0 ? Costs[random.Next(Costs.Length)] : cost;
            var can = ideal.CanTake(asked, harness.Nanoseconds);
            var decision = harness.Decide($"GET localhost/?c={asked}");
            var admitted = decision.Verdict == Verdict.Allow;
            Assert.True(can || !admitted, $"{told} step {i}: admitted what the ideal bucket refuses");
            Assert.True(!exact || admitted == can, $"{told} step {i}: refused what the ideal bucket admits");
            if (admitted)
            {
                ideal.Take(asked, harness.Nanoseconds);
                Assert.True(decision.Remaining <= ideal.Remaining(harness.Nanoseconds), told);
                Assert.True(!exact || decision.Remaining == ideal.Remaining(harness.Nanoseconds), told);
            }
        }
    }

    // Nothing, the time of one cost to the nanosecond and its neighbours, anything, and pauses of days and years.
    private static long Gap(Random random, long token) => random.Next(10) switch
    {
        0 or 1 or 2 or 3 => 0,
        4 => Math.Min(token, 1_000_000_000_000_000),
        5 => Math.Min(token, 1_000_000_000_000_000) + 1,
        6 => Math.Max(0, Math.Min(token, 1_000_000_000_000_000) - 1),
        7 => random.NextInt64(Math.Max(1, Math.Min(token * 5, 1_000_000_000_000_000))),
        8 => random.NextInt64(1_000_000_000),
        _ => random.Next(12) == 0 ? random.NextInt64(60_000_000_000_000_000) : random.NextInt64(20_000_000_000_000),
    };
}
