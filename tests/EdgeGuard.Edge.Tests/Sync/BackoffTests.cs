using EdgeGuard.Edge.Sync;

namespace EdgeGuard.Edge.Tests.Sync;

public sealed class BackoffTests
{
    [Fact]
    public void Next_Failures_AreRetriedAtOnceThenLaterUpToTheCap()
    {
        var backoff = new Backoff(() => 1);

        var waits = Enumerable.Range(0, 12).Select(_ => backoff.Next().TotalSeconds).ToList();

        Assert.Equal([0, 0.5, 1, 2, 4, 8, 16, 30, 30, 30, 30, 30], waits);
    }

    [Fact]
    public void Next_Jitter_IsFull()
    {
        var backoff = new Backoff(() => 0);
        backoff.Next();

        Assert.Equal(TimeSpan.Zero, backoff.Next());
    }

    [Fact]
    public void Next_Slow_WaitsAtLeastHalfOfTheCap()
    {
        var backoff = new Backoff(() => 0);
        backoff.Next(isSlow: true);

        Assert.Equal(TimeSpan.FromSeconds(15), backoff.Next(isSlow: true));
    }

    [Fact]
    public void Next_AskedToWait_WaitsButNotForEver()
    {
        var backoff = new Backoff(() => 0);

        Assert.Equal(TimeSpan.FromSeconds(40), backoff.Next(atLeast: TimeSpan.FromSeconds(40)));
        Assert.Equal(TimeSpan.FromMinutes(5), backoff.Next(atLeast: TimeSpan.FromDays(1)));
    }

    [Fact]
    public void AfterGoodEnd_OfASessionThatWorked_IsNearlyAtOnceAndOtherwiseAFailure()
    {
        var backoff = new Backoff(() => 1);
        backoff.Next();
        backoff.Next();
        backoff.Reset();

        Assert.Equal(TimeSpan.FromMilliseconds(250), backoff.AfterGoodEnd());
        Assert.Equal(TimeSpan.FromMilliseconds(500), backoff.AfterGoodEnd());
        Assert.Equal(TimeSpan.FromSeconds(1), backoff.AfterGoodEnd());
    }

    [Fact]
    public void Reset_AfterSuccess_BeginsAnew()
    {
        var backoff = new Backoff(() => 1);
        backoff.Next();
        backoff.Next();

        backoff.Reset();

        Assert.Equal(TimeSpan.Zero, backoff.Next());
    }
}
