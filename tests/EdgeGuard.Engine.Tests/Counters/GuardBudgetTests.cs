using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Adaptive;
using EdgeGuard.Engine.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Engine.Tests.Counters;

/// <summary>Guards allocate nothing a decision.</summary>
public sealed class GuardBudgetTests
{
    [Fact]
    public void Passes_AnyLoopDetection_AllocatesNothing()
    {
        using var bench = new GuardBench();
        var limit = bench.Loop(new LoopDetectionDefinition { Near = true, Action = LoopAction.Warn });
        var (method, path, query) = GuardBench.Split("GET /v1/x?b=2&a=1&c=%20");
        bench.Fill("a");
        bench.Facts.Body.Similarity = 0x123456789abcdef0;
        var allocated = Allocations.Least(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                bench.Nanoseconds += 100_000_000;
                var request = new EdgeGuard.Engine.Decide.RequestView(method, default, path, bench.Facts, query);
                bench.Passes(limit, in request, out _);
            }
        });
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Spend_ThroughAllStates_AllocatesNothing()
    {
        using var bench = new GuardBench();
        var limit = bench.Breaker(new CircuitBreakerDefinition { ThresholdPerMinute = 100, AutoReset = TimeSpan.FromMinutes(1) });
        var allocated = Allocations.Least(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                bench.Nanoseconds += 1_000_000_000;
                bench.Spend(limit, 30);
            }
        });
        Assert.Equal(0, allocated);
        Assert.True(limit.Tally.Opened > 1);
    }

    [Fact]
    public void TryEnter_AndExit_AllocateNothing()
    {
        var limiter = new AdaptiveLimiter(new AdaptiveConcurrencyDefinition());
        var now = 1L;
        var allocated = Allocations.Least(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                Assert.True(limiter.TryEnter(0));
                limiter.Exit(now, now += 10_000_000, dropped: i % 100 == 0);
            }
        });
        Assert.Equal(0, allocated);
    }
}
