using System.Runtime.InteropServices;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Counters;

/// <summary>Guards against models that are written as the documentation is.</summary>
public sealed class GuardModelTests
{
    [Fact]
    public void Loop_RandomSchedules_AgreeWithTheModel()
    {
        var random = Seeds.Next(out var seed);
        for (var round = 0; round < 300; round++)
        {
            using var bench = new GuardBench(CounterTable.MinMemoryBytes);
            var definition = new LoopDetectionDefinition { Threshold = random.Next(2, 8), WindowSeconds = random.Next(1, 20) };
            var limit = bench.Loop(definition);
            var windows = new Dictionary<string, (long Start, int Count)>();
            for (var i = 0; i < 200; i++)
            {
                bench.Nanoseconds += random.NextInt64(2_000_000_000);
                var target = $"GET /{random.Next(3)}";
                var now = bench.Nanoseconds / 1_000_000;
                var window = windows.GetValueOrDefault(target);
                if (window.Count == 0 || now >= window.Start + (definition.WindowSeconds * 1000L))
                {
                    window = (now, 0);
                }

                var passes = window.Count + 1 < definition.Threshold;
                windows[target] = passes ? (window.Start, window.Count + 1) : window;
                Assert.True(passes == bench.Passes(limit, target), $"seed {seed}, round {round}, step {i}");
            }
        }
    }

    [Fact]
    public void Breaker_RandomSchedules_AgreeWithTheModel()
    {
        var random = Seeds.Next(out var seed);
        for (var round = 0; round < 300; round++)
        {
            using var bench = new GuardBench(CounterTable.MinMemoryBytes);
            var definition = new CircuitBreakerDefinition
            {
                ThresholdPerMinute = random.Next(20, 200),
                AutoReset = TimeSpan.FromSeconds(random.Next(0, 4) * 45),
                HalfOpenRequests = random.Next(1, 5),
            };
            var limit = bench.Breaker(definition);
            var model = new BreakerModel(definition);
            for (var i = 0; i < 400; i++)
            {
                bench.Nanoseconds += random.NextInt64(random.Next(20) == 0 ? 90_000_000_000 : 3_000_000_000);
                var now = bench.Nanoseconds / 1_000_000;
                if (random.Next(100) == 0)
                {
                    model.Reset(now);
                    BreakerCounter.Reset(bench.Table, limit, bench.Nanoseconds);
                }

                var cost = (ulong)random.Next(1, 40);
                var expected = model.Spend(now, cost);
                var actual = bench.Spend(limit, cost, out var reservation);
                Assert.True(expected == actual, $"seed {seed}, round {round}, step {i}: {expected} {actual}");
                if (actual == BreakerPhase.Probe && random.Next(2) == 0)
                {
                    model.Complete(now);
                    BreakerCounter.Complete(bench.Table, limit, ref reservation, bench.Nanoseconds);
                }
                else if (actual == BreakerPhase.Pass && random.Next(5) == 0)
                {
                    model.GiveBack(cost);
                    BreakerCounter.GiveBack(bench.Table, limit, ref reservation, bench.Nanoseconds);
                }
            }

            Assert.True(model.Opened == limit.Tally.Opened, $"seed {seed}, round {round}: {model.Opened} {limit.Tally.Opened}");
        }
    }

    [Fact]
    public void Breaker_OpenWhenTheProcessDies_IsOpenAfterwards()
    {
        var options = new CounterTableOptions(CounterTable.MinMemoryBytes, new UInt128(1, 2));
        var bytes = CounterTable.BytesFor(options);
        const int Page = 4096;
        var allocation = Marshal.AllocHGlobal((nint)bytes + Page);
        var memory = (allocation + Page - 1) & ~(nint)(Page - 1);
        Marshal.Copy(new byte[bytes], 0, memory, (int)bytes);
        try
        {
            var definition = new CircuitBreakerDefinition { ThresholdPerMinute = 10, AutoReset = TimeSpan.Zero };
            using var bench = new GuardBench(CounterTable.Format(memory, bytes, options));
            Assert.Equal(BreakerPhase.Trip, bench.Spend(bench.Breaker(definition), 10));
            bench.Passes(bench.Loop(new LoopDetectionDefinition { Threshold = 2 }));

            Assert.Equal(TableCondition.Whole, CounterTable.Open(memory, bytes, null, out var reopened));
            using var after = new GuardBench(reopened!);
            Assert.Equal(BreakerPhase.Refuse, after.Spend(after.Breaker(definition), 1));
            Assert.False(after.Passes(after.Loop(new LoopDetectionDefinition { Threshold = 2 })));
        }
        finally
        {
            Marshal.FreeHGlobal(allocation);
        }
    }

    [Fact]
    public void Loop_TableFullOfOthers_CountsNoStrangersTogether()
    {
        using var bench = new GuardBench(CounterTable.MinMemoryBytes);
        var limit = bench.Loop(new LoopDetectionDefinition { Threshold = 2, WindowSeconds = 3600 });
        Assert.All(Enumerable.Range(0, 10_000), i => Assert.True(bench.Passes(limit, caller: $"caller {i}")));
    }

    [Fact]
    public void Breaker_TableFullOfOthers_SharesOneAmongNewcomersAndIsNeverOver()
    {
        using var bench = new GuardBench(CounterTable.MinMemoryBytes);
        var limit = bench.Breaker(new CircuitBreakerDefinition { ThresholdPerMinute = 10, AutoReset = TimeSpan.FromMinutes(5) });
        var passed = new Dictionary<int, int>();
        for (var i = 0; i < 40_000; i++)
        {
            var caller = i % 8000;
            var passes = bench.Spend(limit, 4, $"caller {caller}") == BreakerPhase.Pass;
            passed[caller] = passed.GetValueOrDefault(caller) + (passes ? 1 : 0);
        }

        Assert.All(passed, pair => Assert.InRange(pair.Value, 0, 2));
        Assert.True(bench.Table.Overflows > 0);
    }
}
