using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Adaptive;

namespace EdgeGuard.Engine.Tests.Adaptive;

public sealed class AdaptiveLimiterTests
{
    private static readonly AdaptiveConcurrencyDefinition Four = new()
    {
        InitialLimit = 8,
        Priority = new PriorityDefinition(new DescriptorKey(DescriptorKind.Header, "x"), ["high", "low"], "low"),
    };

    [Fact]
    public void TryEnter_LimitFull_ShedsTheLowestClassFirst()
    {
        var limiter = new AdaptiveLimiter(Four);
        for (var i = 0; i < 6; i++)
        {
            Assert.True(limiter.TryEnter(1));
        }

        Assert.False(limiter.TryEnter(1));
        Assert.True(limiter.TryEnter(0));
        Assert.True(limiter.TryEnter(0));
        Assert.False(limiter.TryEnter(0));
        limiter.Cancel();
        Assert.True(limiter.TryEnter(0));
        Assert.Equal(2, limiter.Shed);
    }

    [Fact]
    public async Task TryEnter_ManyAtOnce_NeverExceedsTheLimit()
    {
        var limiter = new AdaptiveLimiter(Four with { InitialLimit = 5 });
        var inside = 0;
        var most = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                if (limiter.TryEnter(0))
                {
                    var now = Interlocked.Increment(ref inside);
                    if (now > Volatile.Read(ref most))
                    {
                        Volatile.Write(ref most, now);
                    }

                    Interlocked.Decrement(ref inside);
                    limiter.Cancel();
                }
            }
        })));
        Assert.InRange(most, 1, 5);
        Assert.Equal(0, limiter.InFlight);
    }
}
