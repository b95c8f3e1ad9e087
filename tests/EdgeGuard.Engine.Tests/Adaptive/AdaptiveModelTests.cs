using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Adaptive;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Adaptive;

/// <summary>Random schedules against the rules that docs/decision.md gives, kept as plain books.</summary>
public sealed class AdaptiveModelTests
{
    private const int Schedules = 2000;
    private const int Steps = 400;
    private const double Millisecond = 1_000_000;

    /// <summary>Requests of random classes come and go, the clock runs, numbers change: who enters is what the books say, and the limit stays within its bounds.</summary>
    [Fact]
    public void TryEnter_RandomSchedules_AdmitsWhatTheBooksSay()
    {
        var seeds = Seeds.Next(out var seed);
        var (admitted, shed) = (0L, 0L);
        for (var schedule = 0; schedule < Schedules; schedule++)
        {
            var random = new Random(seeds.Next());
            var definition = Definition(random, classes: random.Next(1, 5));
            var limiter = new AdaptiveLimiter(definition);
            var classes = definition.Priority!.Classes.Length;
            var inFlight = new List<long>();
            var refused = 0L;
            var now = 1_000_000_000L;
            for (var step = 0; step < Steps; step++)
            {
                now += (long)(random.NextDouble() * 60 * Millisecond);
                var told = $"seed {seed}, schedule {schedule}, step {step}";
                Assert.True(limiter.Limit >= definition.MinLimit && limiter.Limit <= definition.MaxLimit, $"{told}: limit {limiter.Limit}");
                Assert.True(limiter.InFlight == inFlight.Count, told);
                Assert.True(limiter.Shed == refused, told);
                if (random.Next(100) == 0)
                {
                    definition = Definition(random, classes);
                    limiter.Configure(definition);
                }
                else if (inFlight.Count == 0 || random.Next(5) < 3)
                {
                    var priority = random.Next(classes);

                    // Of n classes the i-th leaves i / 2n of the limit to those before it, and nobody is shed from an idle upstream.
                    var share = limiter.Limit - (int)Math.Floor((decimal)limiter.Limit * priority / (2 * classes));
                    var expected = inFlight.Count < Math.Max(1, share);
                    Assert.True(limiter.WouldEnter(priority) == expected, told);
                    Assert.True(limiter.TryEnter(priority) == expected, told);
                    if (expected)
                    {
                        inFlight.Add(now);
                        admitted++;
                    }
                    else
                    {
                        refused++;
                        shed++;
                    }
                }
                else
                {
                    var index = random.Next(inFlight.Count);
                    if (random.Next(10) == 0)
                    {
                        limiter.Cancel();
                    }
                    else
                    {
                        limiter.Exit(inFlight[index], now, dropped: random.Next(20) == 0);
                    }

                    inFlight.RemoveAt(index);
                }
            }
        }

        Assert.True(admitted > 1000 && shed > 1000, $"{admitted} admitted, {shed} shed, so that little was tested");
    }

    /// <summary>
    /// Random windows: a failure shrinks to nine tenths; what nobody came near teaches nothing; quick answers never shrink it; no window moves it
    /// by more than a fifth of the way, which is a fifth of a square root upward and a tenth downward.
    /// </summary>
    [Fact]
    public void Learn_RandomWindows_MovesTheLimitByTheRule()
    {
        var seeds = Seeds.Next(out var seed);
        for (var schedule = 0; schedule < Schedules; schedule++)
        {
            var random = new Random(seeds.Next());
            var definition = Definition(random, classes: 1);
            var gradient = new AdaptiveGradient(definition);
            for (var step = 0; step < Steps; step++)
            {
                var (before, best, probing) = (gradient.Limit, gradient.BestNanoseconds, gradient.IsProbing);
                var window = new AdaptiveWindow(
                    random.Next(20), Math.Ceiling(random.NextDouble() * 50 * Millisecond) + Millisecond, random.Next(before + 1), random.Next(15) == 0, random.Next(3) == 0);
                gradient.Learn(in window);
                var told = $"seed {seed}, schedule {schedule}, step {step}: {window}, {before} to {gradient.Limit}";
                Assert.True(gradient.Limit >= definition.MinLimit && gradient.Limit <= definition.MaxLimit, told);
                if (probing || gradient.IsProbing)
                {
                    continue; // A measurement lowers the limit for a window and gives it back; what it measured is the new best.
                }

                // The limit is told in whole requests, so each bound has room for one.
                if (window.Dropped)
                {
                    Assert.True(Math.Abs(gradient.Limit - Math.Max(definition.MinLimit, before * 0.9)) <= 1, told);
                }
                else if (window.Samples == 0 || best == 0 || (!window.Shed && window.MostInFlight * 2 < before))
                {
                    Assert.True(gradient.Limit == before, told);
                }
                else
                {
                    Assert.True(gradient.Limit <= before + (0.2 * Math.Sqrt(before + 1)) + 1, told);
                    Assert.True(gradient.Limit >= Math.Max(definition.MinLimit, Math.Floor(before * 0.9)) - 1, told);
                    Assert.True(window.MeanNanoseconds > best * definition.LatencyTolerance || gradient.Limit >= before, told);
                }
            }
        }
    }

    private static AdaptiveConcurrencyDefinition Definition(Random random, int classes)
    {
        var minimum = random.Next(1, 10);
        var maximum = minimum + random.Next(60);
        return new AdaptiveConcurrencyDefinition
        {
            MinLimit = minimum,
            MaxLimit = maximum,
            InitialLimit = random.Next(minimum, maximum + 1),
            LatencyTolerance = 1 + random.NextDouble(),
            Priority = new PriorityDefinition(
                new DescriptorKey(DescriptorKind.Header, "x"), [.. Enumerable.Range(0, classes).Select(i => $"class-{i}")], $"class-{classes - 1}"),
        };
    }
}
