using EdgeGuard.Bench.Load.Comparing;

namespace EdgeGuard.Bench.Load.Tests.Comparing;

public sealed class SteadinessTests
{
    [Fact]
    public void IsReached_WhileItGetsCheaper_IsFalse()
    {
        Steadiness steadiness = new();
        for (double cost = 100; cost > 5; cost *= 0.9)
        {
            steadiness.Add(cost);
            Assert.False(steadiness.IsReached);
        }
    }

    [Fact]
    public void IsReached_AStepAfterAPlateau_WaitsAnew()
    {
        Steadiness steadiness = new();
        foreach (double cost in (double[])[40, 40, 39, 41, 20, 20, 20.5, 19.9])
        {
            steadiness.Add(cost);
            Assert.False(steadiness.IsReached);
        }

        steadiness.Add(20);
        Assert.True(steadiness.IsReached);
    }

    [Fact]
    public void IsReached_WhileCodeIsCompiled_IsFalse()
    {
        Steadiness steadiness = new();
        for (int i = 0; i < 20; i++)
        {
            steadiness.Add(90, compiled: true);
            Assert.False(steadiness.IsReached);
        }

        for (int i = 0; i < Steadiness.Patience; i++)
        {
            Assert.False(steadiness.IsReached);
            steadiness.Add(10 + i);
        }

        // The first slice without was progress.
        steadiness.Add(10);
        Assert.True(steadiness.IsReached);
    }

    [Fact]
    public void IsReached_SlicesThatABusyMachineMadeDearer_AreNoProgressWhenTheyPass()
    {
        Steadiness steadiness = new();
        foreach (double cost in (double[])[10, 30, 20, 12, 10])
        {
            steadiness.Add(cost);
        }

        Assert.True(steadiness.IsReached);
    }
}
