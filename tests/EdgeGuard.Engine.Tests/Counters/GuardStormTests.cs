using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Counters;

/// <summary>Guards under threads: their cells are claimed, swapped, given back and forgotten at once.</summary>
public sealed class GuardStormTests
{
    private const int Threads = 4;

    /// <summary>Exact repeats, alike bodies and cycles, a third given back: never more pass than one below the threshold at a time.</summary>
    [Theory]
    [InlineData(1, 1 << 20)]
    [InlineData(50, 1 << 20)]
    [InlineData(3000, CounterTable.MinMemoryBytes)]
    public void NearLoops_FromManyThreads_NeverPassTheThreshold(int callers, long memory)
    {
        Seeds.Next(out var seed);
        using var bench = new GuardBench(memory);
        var limit = bench.Loop(new LoopDetectionDefinition { Threshold = 5, Near = true, WindowSeconds = 3600 });
        var passed = new int[callers];
        Storm.Run(Threads, thread =>
        {
            var random = new Random(seed + thread);
            var own = new GuardBench(bench.Table) { Nanoseconds = bench.Nanoseconds };
            for (var i = 0; i < 8000; i++)
            {
                var caller = random.Next(callers);

                // Always the same request, in up to 7 of 48 bits alike: all three parts look at it.
                var noise = 1UL << (16 + random.Next(48));
                if (own.Passes(limit, "POST /v1/chat", $"caller {caller}", body =>
                {
                    body.Similarity = 0x5555_AAAA_5555_0000UL ^ noise;
                    body.ToolCall = 77;
                    body.IsRead = true;
                }))
                {
                    Interlocked.Increment(ref passed[caller]);
                }
            }
        });

        // A table that is full counts nobody, by design; with room for all of them nobody is over.
        Assert.All(passed, count => Assert.True(memory == CounterTable.MinMemoryBytes || count <= 4, $"seed {seed}: {count} passed"));
        Assert.True(passed.Sum() > 0);
    }

    /// <summary>Open, half-open, closed and open again, with refunds: never more let through half-open than may be, each change told once.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void HalfOpen_FromManyThreads_LetsNoMoreThroughThanMayBe(int callers)
    {
        Seeds.Next(out var seed);
        using var bench = new GuardBench();
        var limit = bench.Breaker(new CircuitBreakerDefinition { ThresholdPerMinute = 1000, AutoReset = TimeSpan.FromMinutes(1), HalfOpenRequests = 3 });
        for (var caller = 0; caller < callers; caller++)
        {
            Assert.Equal(BreakerPhase.Trip, bench.Spend(limit, 1000, $"caller {caller}"));
        }

        for (var round = 1; round <= 30; round++)
        {
            bench.Advance(61);
            var probes = Probe(bench, limit, callers, seed + round);
            Assert.All(probes, count => Assert.True(count == 3, $"seed {seed}, round {round}: {count}"));
            Assert.Equal(callers * round, limit.Tally.HalfOpened);
            for (var caller = 0; caller < callers; caller++)
            {
                Assert.Equal(BreakerPhase.Refuse, bench.Spend(limit, 1, $"caller {caller}"));
            }

            // The minute ends without a trip, so each closes; then each opens anew.
            bench.Advance(61);
            Reopen(bench, limit, callers);
            Assert.Equal(callers * (round + 1), limit.Tally.Opened);
        }
    }

    // How many requests of each caller are let through and not given back.
    private static int[] Probe(GuardBench bench, BreakerLimit limit, int callers, int seed)
    {
        var probes = new int[callers];
        Storm.Run(Threads, thread =>
        {
            var random = new Random(seed + (thread * 1000));
            var own = new GuardBench(bench.Table) { Nanoseconds = bench.Nanoseconds };
            for (var i = 0; i < 60 * callers; i++)
            {
                var caller = i % callers;
                if (own.Spend(limit, 1, out var taken, $"caller {caller}") != BreakerPhase.Probe)
                {
                    continue;
                }

                if (random.Next(3) == 0 && i < 40 * callers)
                {
                    BreakerCounter.GiveBack(bench.Table, limit, ref taken, own.Nanoseconds);
                }
                else
                {
                    Interlocked.Increment(ref probes[caller]);
                }
            }
        });
        return probes;
    }

    private static void Reopen(GuardBench bench, BreakerLimit limit, int callers) => Storm.Run(Threads, _ =>
    {
        var own = new GuardBench(bench.Table) { Nanoseconds = bench.Nanoseconds };
        for (var caller = 0; caller < callers; caller++)
        {
            own.Spend(limit, 1000, $"caller {caller}");
        }
    });
}
