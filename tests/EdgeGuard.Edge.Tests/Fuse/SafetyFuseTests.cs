using EdgeGuard.Bundles.Model;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.Fuse;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Fuse;

public sealed class SafetyFuseTests
{
    private static readonly FuseDefinition Definition = new() { Window = TimeSpan.FromSeconds(60), MaxIncreasePercent = 20, MinRequests = 100 };

    private readonly TestTimeProvider _time = new();
    private readonly FakeRecorder _recorder = new();
    private readonly SafetyFuse _fuse;

    public SafetyFuseTests() => _fuse = new SafetyFuse(_recorder, _time);

    [Theory]
    [InlineData(20, 60, true)]
    [InlineData(20, 39, false)]
    [InlineData(20, 40, true)]
    [InlineData(0, 19, false)]
    [InlineData(0, 20, true)]
    [InlineData(90, 100, false)]
    public void NewBundle_ByTheRiseOfItsShareOfRefusals_TripsOrNot(int refusedBefore, int refusedNow, bool trips)
    {
        _fuse.Activated("one", null, hasBefore: false);
        _recorder.Add(allowed: 1000 - (refusedBefore * 10), refused: refusedBefore * 10);
        Pass(TimeSpan.FromSeconds(30));
        Assert.True(_fuse.Activated("two", Definition, hasBefore: true));
        _recorder.Add(allowed: 100 - refusedNow, refused: refusedNow);

        var trip = _fuse.Look();

        Assert.Equal(trips, trip is not null);
        Assert.True(trip is null || (trip.Digest == "two" && trip.Now == new FuseReading(100, refusedNow) && trip.Before.Percent == refusedBefore));
    }

    [Fact]
    public void NewBundle_WithFewerRequestsThanNeeded_IsNotJudgedYet()
    {
        Before(refused: 0);
        _fuse.Activated("two", Definition, hasBefore: true);
        _recorder.Add(allowed: 0, refused: 99);
        Assert.Null(_fuse.Look());
        _recorder.Add(allowed: 0, refused: 1);
        Assert.NotNull(_fuse.Look());
    }

    [Fact]
    public void NewBundle_AfterItsWindow_IsNoLongerWatched()
    {
        Before(refused: 0);
        _fuse.Activated("two", Definition, hasBefore: true);
        _recorder.Add(allowed: 100, refused: 0);
        Pass(TimeSpan.FromSeconds(60));
        Assert.False(_fuse.IsWatching);
        _recorder.Add(allowed: 0, refused: 10_000);

        Assert.Null(_fuse.Look());
    }

    [Fact]
    public void LastMomentOfTheWindow_StillCounts()
    {
        Before(refused: 0);
        _fuse.Activated("two", Definition, hasBefore: true);
        _time.Advance(TimeSpan.FromSeconds(60));
        _recorder.Add(allowed: 0, refused: 100);

        Assert.NotNull(_fuse.Look());
    }

    [Fact]
    public void Comparison_IsWithTheSameTimeBefore_NotWithTheWholeLife()
    {
        // An hour without a refusal, and then a minute of attack: the new bundle refuses no more than the old one just did.
        _fuse.Activated("one", null, hasBefore: false);
        _recorder.Add(allowed: 100_000, refused: 0);
        Pass(TimeSpan.FromMinutes(10));
        _recorder.Add(allowed: 500, refused: 500);
        Pass(TimeSpan.FromSeconds(50));
        _fuse.Activated("two", Definition, hasBefore: true);
        _recorder.Add(allowed: 50, refused: 50);

        Assert.Null(_fuse.Look());
    }

    [Fact]
    public void Comparison_WithoutRequestsOfLate_IsWithTheWholeLife()
    {
        Before(refused: 0);
        Pass(TimeSpan.FromMinutes(10));

        Assert.True(_fuse.Activated("two", Definition, hasBefore: true));
    }

    [Theory]
    [InlineData(99, true)]
    [InlineData(1000, false)]
    public void NothingToCompareWithOrToGoBackTo_IsNotWatched(int decidedBefore, bool hasBefore)
    {
        _fuse.Activated("one", null, hasBefore: false);
        _recorder.Add(allowed: decidedBefore, refused: 0);

        Assert.False(_fuse.Activated("two", Definition, hasBefore));
        _recorder.Add(allowed: 0, refused: 1000);
        Assert.Null(_fuse.Look());
    }

    [Fact]
    public void KillSwitchesAndShadows_SayNothingOfABundle()
    {
        Before(refused: 0);
        _fuse.Activated("two", Definition, hasBefore: true);
        _recorder.Add(allowed: 100, refused: 0);
        _recorder.Add(1000, "reject", "kill_switch", shadow: false);
        _recorder.Add(1000, "reject", "token_bucket_exceeded", shadow: true);

        Assert.Null(_fuse.Look());
    }

    [Fact]
    public void BundleThatReplacesAWatchedOne_IsMeasuredAgainstWhatThatWas()
    {
        Before(refused: 0);
        _fuse.Activated("two", Definition with { MinRequests = 1000 }, hasBefore: true);
        _recorder.Add(allowed: 100, refused: 500);
        _fuse.Activated("three", Definition, hasBefore: true);
        _recorder.Add(allowed: 50, refused: 50);

        Assert.Equal("three", _fuse.Look()?.Digest);
    }

    [Fact]
    public void Samples_OfAProcessThatRunsForDays_AreBounded()
    {
        _fuse.Activated("one", null, hasBefore: false);
        Pass(TimeSpan.FromHours(3));
        _recorder.Add(allowed: 1000, refused: 0);
        Assert.True(_fuse.Activated("two", Definition with { Window = TimeSpan.FromHours(1) }, hasBefore: true));
    }

    private void Before(int refused)
    {
        _fuse.Activated("one", null, hasBefore: false);
        _recorder.Add(allowed: 1000 - refused, refused);
        Pass(TimeSpan.FromSeconds(30));
    }

    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Null(_fuse.Look());
        }
    }
}
