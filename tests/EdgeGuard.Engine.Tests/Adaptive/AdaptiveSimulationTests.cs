using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Adaptive;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Adaptive;

/// <summary>The limiter against an upstream in virtual time.</summary>
public sealed class AdaptiveSimulationTests
{
    private static readonly AdaptiveConcurrencyDefinition Default = new();

    private static readonly AdaptiveConcurrencyDefinition TwoClasses = Default with
    {
        Priority = new PriorityDefinition(new DescriptorKey(DescriptorKind.Header, "x-class"), ["high", "low"], "low"),
    };

    [Theory]
    [InlineData(5, 20)]
    [InlineData(10, 20)]
    [InlineData(50, 100)]
    [InlineData(200, 50)]
    [InlineData(10, 2000)]
    public void Limit_TwiceTheLoadThatFits_ComesNearTheCapacity(int workers, double serviceMilliseconds)
    {
        var limiter = new AdaptiveLimiter(Default);
        var upstream = new Upstream(limiter, Seeds.Next(out var seed)) { Workers = workers, ServiceMilliseconds = serviceMilliseconds };
        var scale = Math.Max(1, serviceMilliseconds / 100);
        upstream.Run(60 * scale, 2 * upstream.Capacity);
        upstream.Run(60 * scale, 2 * upstream.Capacity);

        // Enough to keep every worker busy, and a queue that the tolerance allows; never the hundreds that would wait without it.
        Assert.True(upstream.MeanLimit > 0.9 * workers, $"seed {seed}: {upstream.MeanLimit}");
        Assert.True(upstream.MeanLimit < (2.2 * workers) + 6, $"seed {seed}: {upstream.MeanLimit}");
        Assert.True(upstream.Served[0] > 0.9 * upstream.Capacity * 60 * scale, $"seed {seed}: {upstream.Served[0]}");
        Assert.True(upstream.Latencies.Average() < 2.5 * serviceMilliseconds, $"seed {seed}: {upstream.Latencies.Average()}");
    }

    [Fact]
    public void Limit_LongOverload_DoesNotCreepUp()
    {
        var limiter = new AdaptiveLimiter(Default);
        var upstream = new Upstream(limiter, Seeds.Next(out var seed));
        upstream.Run(120, 3 * upstream.Capacity);
        var early = upstream.MeanLimit;
        upstream.Run(1800, 3 * upstream.Capacity);
        upstream.Run(120, 3 * upstream.Capacity);
        Assert.True(upstream.MeanLimit < (1.5 * early) + 2, $"seed {seed}: {early} {upstream.MeanLimit}");
    }

    [Fact]
    public void Limit_LittleUsed_DoesNotGrow()
    {
        var limiter = new AdaptiveLimiter(Default);
        var upstream = new Upstream(limiter, Seeds.Next(out var seed));
        upstream.Run(600, 0.1 * upstream.Capacity);
        Assert.True(limiter.Limit <= Default.InitialLimit, $"seed {seed}: {limiter.Limit}");
        Assert.Equal(0, upstream.Shed[0]);
    }

    [Fact]
    public void Limit_UpstreamSlowAndQuickAgain_Follows()
    {
        var limiter = new AdaptiveLimiter(Default);
        var upstream = new Upstream(limiter, Seeds.Next(out var seed)) { Workers = 40, ServiceMilliseconds = 20 };
        upstream.Run(60, 1.5 * upstream.Capacity);
        var before = upstream.MeanLimit;

        // Three quarters of its workers are gone: as much in flight would mean four times the latency.
        upstream.Workers = 10;
        upstream.Run(60, 3 * upstream.Capacity);
        upstream.Run(60, 3 * upstream.Capacity);
        Assert.True(upstream.MeanLimit < 0.7 * before, $"seed {seed}: {before} {upstream.MeanLimit}");
        Assert.True(upstream.Latencies.Average() < 60, $"seed {seed}: {upstream.Latencies.Average()}");

        upstream.Workers = 40;
        upstream.Run(60, 1.5 * upstream.Capacity);
        upstream.Run(60, 1.5 * upstream.Capacity);
        Assert.True(upstream.MeanLimit > 0.7 * before, $"seed {seed}: {before} {upstream.MeanLimit}");
    }

    [Fact]
    public void Limit_EveryRequestSlowerForGood_IsLearntAsTheNewBest()
    {
        var limiter = new AdaptiveLimiter(Default);
        var upstream = new Upstream(limiter, Seeds.Next(out var seed)) { Workers = 40, ServiceMilliseconds = 20 };
        upstream.Run(60, 1.5 * upstream.Capacity);
        upstream.ServiceMilliseconds = 200;
        upstream.Run(240, 1.5 * upstream.Capacity);
        upstream.Run(60, 1.5 * upstream.Capacity);
        Assert.True(upstream.Served[0] > 0.85 * upstream.Capacity * 60, $"seed {seed}: {upstream.Served[0]} {upstream.MeanLimit}");
    }

    [Fact]
    public void TryEnter_Overload_ShedsTheLowerClassFirst()
    {
        var limiter = new AdaptiveLimiter(TwoClasses);
        var upstream = new Upstream(limiter, Seeds.Next(out var seed)) { Workers = 40 };
        upstream.Run(60, 1.2 * upstream.Capacity, lowShare: 0.5);
        upstream.Run(120, 1.2 * upstream.Capacity, lowShare: 0.5);

        // The upper class asks for 60 % of what fits, and gets it.
        Assert.True(upstream.Shed[0] < 0.01 * upstream.Served[0], $"seed {seed}: {upstream.Shed[0]} of {upstream.Served[0]}");
        Assert.True(upstream.Shed[1] > 0.1 * upstream.Served[1], $"seed {seed}: {upstream.Shed[1]} of {upstream.Served[1]}");
    }

    [Fact]
    public void TryEnter_OnlyTheLowerClass_StillGetsTheUpstream()
    {
        var limiter = new AdaptiveLimiter(TwoClasses);
        var upstream = new Upstream(limiter, Seeds.Next(out var seed)) { Workers = 40 };
        upstream.Run(60, 2 * upstream.Capacity, lowShare: 1);
        upstream.Run(60, 2 * upstream.Capacity, lowShare: 1);
        Assert.True(upstream.Served[1] > 0.9 * upstream.Capacity * 60, $"seed {seed}: {upstream.Served[1]}");
    }
}
