using EdgeGuard.Edge.Counters;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.State;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Counters;

public sealed class CounterClockTests : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly TempFolder _folder = new();
    private readonly TestTimeProvider _wall = new();
    private readonly FakeBootClock _boot = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nanoseconds_AtTheFirstStart_AreTheWallClock()
    {
        using var table = CounterTable.Create(new CounterTableOptions(CounterTable.MinMemoryBytes, 3));
        var clock = new EdgeClock(_wall, _boot, table);
        Assert.Equal(Wall, clock.Nanoseconds);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(24 * 365 * 30)]
    public void Nanoseconds_WhenTheWallClockIsStepped_DoNotNotice(int hours)
    {
        using var table = CounterTable.Create(new CounterTableOptions(CounterTable.MinMemoryBytes, 3));
        var clock = new EdgeClock(_wall, _boot, table);
        var before = clock.Nanoseconds;
        _wall.StepWallClock(Hour * hours);
        _boot.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(before + 1_000_000_000, clock.Nanoseconds);
    }

    [Fact]
    public void Nanoseconds_DuringALeapSmear_FollowTheMachineAndNotTheSmear()
    {
        using var table = CounterTable.Create(new CounterTableOptions(CounterTable.MinMemoryBytes, 3));
        var clock = new EdgeClock(_wall, _boot, table);
        var start = clock.Nanoseconds;
        for (var hour = 0; hour < 24; hour++)
        {
            // One second is spread over a day: the wall clock loses 1/24 s an hour.
            _boot.Advance(Hour);
            _wall.Advance(Hour);
            _wall.StepWallClock(-TimeSpan.FromSeconds(1) / 24);
        }

        Assert.Equal(start + (24 * 3600 * 1_000_000_000L), clock.Nanoseconds);
    }

    [Fact]
    public void Nanoseconds_AfterASuspend_HaveMovedOnByIt()
    {
        using var table = CounterTable.Create(new CounterTableOptions(CounterTable.MinMemoryBytes, 3));
        var clock = new EdgeClock(_wall, _boot, table);
        var before = clock.Nanoseconds;

        // The machine's clock runs on; the framework's timestamps would stand still.
        _boot.Advance(8 * Hour);
        Assert.Equal(before + (8 * 3600 * 1_000_000_000L), clock.Nanoseconds);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    public void Restart_InTheSameBoot_GoesOnAlongTheLineHoweverTheWallClockWasStepped(int hours)
    {
        long before;
        using (var state = Open(out var store))
        using (store)
        {
            before = store.Clock.Nanoseconds;
        }

        _wall.StepWallClock(Hour * hours);
        _boot.Advance(TimeSpan.FromSeconds(2));
        using (var state = Open(out var store))
        using (store)
        {
            Assert.Equal(before + 2_000_000_000, store.Clock.Nanoseconds);
        }
    }

    [Fact]
    public void Restart_AfterABoot_BeginsAtTheWallClock()
    {
        using (var state = Open(out var store))
        using (store)
        {
            _ = store.Clock.Nanoseconds;
        }

        _boot.Reboot();
        _wall.Advance(Hour);
        using (var state = Open(out var store))
        using (store)
        {
            Assert.Equal(Wall, store.Clock.Nanoseconds);
        }
    }

    [Fact]
    public void Restart_AfterABootWithTheWallClockBehind_IsNeverBehindWhatWasSeen()
    {
        long seen;
        using (var state = Open(out var store))
        using (store)
        {
            _boot.Advance(Hour);
            seen = store.Clock.Nanoseconds;
            _boot.Advance(TimeSpan.FromMilliseconds(99));
            seen = Math.Max(seen, store.Clock.Nanoseconds);
        }

        _boot.Reboot();
        _wall.StepWallClock(-Hour * 24);
        using (var state = Open(out var store))
        using (store)
        {
            Assert.InRange(store.Clock.Nanoseconds, seen, seen + EdgeClock.NotedEvery);
        }
    }

    [Fact]
    public void Restart_OfAMachineThatWasPutBack_IsNeverBehindWhatWasSeen()
    {
        long seen;
        using (var state = Open(out var store))
        using (store)
        {
            _boot.Advance(Hour);
            seen = store.Clock.Nanoseconds;
        }

        _boot.Nanoseconds -= 1_800_000_000_000;
        using (var state = Open(out var store))
        using (store)
        {
            Assert.True(store.Clock.Nanoseconds >= seen);
        }
    }

    [Fact]
    public void LinuxClock_OnLinux_RunsAndKnowsItsBoot()
    {
        if (LinuxBootClock.TryCreate() is not { } clock)
        {
            Assert.False(OperatingSystem.IsLinux());
            return;
        }

        var first = clock.Nanoseconds;
        Assert.True(first > 0);
        Assert.True(clock.Nanoseconds >= first);
        Assert.Equal(clock.Boot, LinuxBootClock.TryCreate()!.Boot);
    }

    private long Wall => (_wall.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    private StateDirectory Open(out CounterStore store)
    {
        var state = StateDirectory.Open(_folder.Combine("state"), ephemeral: false);
        store = CounterStore.Open(state, 1024 * 1024, _wall, _boot);
        Assert.Empty(state.Problems);
        return state;
    }
}
