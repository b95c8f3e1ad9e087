using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Adaptive;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Adaptive;

/// <summary>What the ends of admitted requests teach a policy's adaptive limiter, through the engine.</summary>
public sealed class AdaptiveAdmissionTests
{
    private const int Initial = 20;
    private const int AtOnce = 10;

    [Theory]
    [InlineData(Ending.Dropped, 18)]
    [InlineData(Ending.Completed, 20)]
    [InlineData(Ending.Ignored, 20)]
    [InlineData(Ending.NotForwarded, 20)]
    public void Finish_OfWhatTellsOfOverload_LowersTheLimit(Ending ending, int limit)
    {
        using var harness = Start();
        foreach (var end in new[] { Ending.Completed, ending, Ending.Completed })
        {
            Assert.True(harness.Decide(out var admission).IsAdmitted);
            harness.Engine.Finish(admission, end, harness.Now);
            harness.Advance(3);
        }

        Assert.Equal(limit, Limiter(harness).Limit);
        Assert.Equal(0, Limiter(harness).InFlight);
    }

    [Fact]
    public void Finish_SlowerThanTheBest_LowersTheLimitByTheGradient()
    {
        using var harness = Start();
        Window(harness, 0.1, 1);
        Window(harness, 0.1);
        Window(harness, 0.4);

        Assert.Equal((int)((0.8 * Initial) + (0.2 * ((Initial * 0.5) + Math.Sqrt(Initial)))), Limiter(harness).Limit);
    }

    [Fact]
    public void Forward_AfterAWait_LeavesTheWaitOut()
    {
        using var harness = Start();
        Window(harness, 0.1, 1);
        Window(harness, 0.1, waited: 0);
        Window(harness, 0.1, waited: 5);

        Assert.Equal((int)((0.8 * Initial) + (0.2 * (Initial + Math.Sqrt(Initial)))), Limiter(harness).Limit);
        Assert.Equal(100_000_000, Limiter(harness).BestNanoseconds);
    }

    [Fact]
    public void BeginStream_EndsTheLatency()
    {
        using var harness = Start();
        Window(harness, 0.1, 1);
        Window(harness, 0.1);
        Window(harness, 0.1, streamed: 5);

        Assert.Equal((int)((0.8 * Initial) + (0.2 * (Initial + Math.Sqrt(Initial)))), Limiter(harness).Limit);
    }

    private static void Window(Harness harness, double seconds, int requests = AtOnce, double waited = 0, double streamed = 0)
    {
        var admissions = new Admission[requests];
        for (var i = 0; i < requests; i++)
        {
            Assert.True(harness.Decide(out admissions[i]).IsAdmitted);
        }

        harness.Advance(waited);
        foreach (var admission in admissions)
        {
            harness.Engine.Forward(admission, harness.Now);
        }

        harness.Advance(seconds);
        foreach (var admission in streamed > 0 ? admissions : [])
        {
            harness.Engine.BeginStream(admission, harness.Now);
        }

        harness.Advance(streamed);
        foreach (var admission in admissions)
        {
            harness.Engine.Finish(admission, Ending.Completed, harness.Now);
        }
    }

    private static AdaptiveLimiter Limiter(Harness harness) => Assert.Single(harness.Table.Adaptive.All).Value;

    private static Harness Start() => new(Bundle.Policy("p") with
    {
        AdaptiveConcurrency = new AdaptiveConcurrencyDefinition { MinLimit = 1, MaxLimit = 100, InitialLimit = Initial, LatencyTolerance = 2 },
    });
}
