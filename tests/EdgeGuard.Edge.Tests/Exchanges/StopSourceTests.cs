using EdgeGuard.Edge.Exchanges;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Exchanges;

/// <summary>Cancellations that are used for one request after the other.</summary>
public sealed class StopSourceTests
{
    [Fact]
    public void Rent_WhatItFollowsIsCancelled_IsCancelled()
    {
        using var followed = new CancellationTokenSource();
        var source = StopSource.Rent(TimeProvider.System, isNew: false, followed.Token);

        followed.Cancel();

        Assert.True(source.IsCancellationRequested);
        source.Return();
    }

    [Fact]
    public void Rent_WhatItFollowsWasCancelledBefore_IsCancelled()
    {
        var source = StopSource.Rent(TimeProvider.System, isNew: false, new CancellationToken(canceled: true));

        Assert.True(source.IsCancellationRequested);
        source.Return();
    }

    [Fact]
    public void Return_Cancelled_NobodyGetsIt()
    {
        for (var i = 0; i < 100; i++)
        {
            using var followed = new CancellationTokenSource();
            var source = StopSource.Rent(TimeProvider.System, isNew: false, followed.Token);
            Assert.False(source.IsCancellationRequested);
            source.Cancel();
            source.Return();
        }
    }

    [Fact]
    public void Return_NotCancelled_NeitherTimerNorWhatItFollowedReachesTheNext()
    {
        for (var i = 0; i < 100; i++)
        {
            using var followed = new CancellationTokenSource();
            var source = StopSource.Rent(TimeProvider.System, isNew: false, followed.Token);
            var isTold = false;
            using (source.Token.Register(() => isTold = true))
            {
                source.CancelAfter(TimeSpan.FromHours(1));
                source.Return();
                var next = StopSource.Rent(TimeProvider.System, isNew: false, CancellationToken.None);
                followed.Cancel();
                Assert.False(next.IsCancellationRequested);
                next.Cancel();
                next.Return();
                Assert.False(isTold);
            }
        }
    }

    [Fact]
    public void Rent_OwnClock_IsCancelledByItAndNotKept()
    {
        var time = new TestTimeProvider();
        var source = StopSource.Rent(time, isNew: false, CancellationToken.None);
        source.CancelAfter(TimeSpan.FromSeconds(1));

        time.Advance(TimeSpan.FromSeconds(2));

        Assert.True(source.IsCancellationRequested);
        source.Return();
    }

    [Fact]
    public void Return_MayBeLookedAtStill_IsNotUsedAgain()
    {
        var source = StopSource.Rent(TimeProvider.System, isNew: true, CancellationToken.None);
        source.Return(mayReuse: false);

        Assert.Throws<ObjectDisposedException>(() => source.Token);
    }
}
