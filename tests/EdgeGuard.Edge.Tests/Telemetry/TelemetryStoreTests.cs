using System.Text.Json;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.State;
using EdgeGuard.Edge.Telemetry;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Telemetry;

public sealed class TelemetryStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestTimeProvider _time = new();
    private readonly PolicySnapshot _snapshot = TestPolicies.Snapshot();
    private StateDirectory? _state;

    public void Dispose()
    {
        _state?.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Freeze_NothingCounted_IsNothingToSend()
    {
        Assert.Null(Start().Freeze());
    }

    [Fact]
    public void Freeze_Counts_AreTheDifferenceToTheLastBatch()
    {
        var store = Start();
        Record(store, 3);
        var first = Read(store.Freeze()!);
        store.Acknowledge(store.Frozen!);
        Record(store, 2);
        _time.Advance(TimeSpan.FromSeconds(10));

        var second = Read(store.Freeze()!);

        Assert.Equal(3, first.Decisions.Sum(count => count.Count));
        Assert.Equal(2, second.Decisions.Sum(count => count.Count));
        Assert.Equal(2, second.LatencyCounts.Sum());
        Assert.Equal((first.Epoch, first.Sequence + 1), (second.Epoch, second.Sequence));
        Assert.Equal(first.ToUnixMilliseconds, second.FromUnixMilliseconds);
        Assert.Equal(10_000, second.ToUnixMilliseconds - second.FromUnixMilliseconds);
    }

    [Fact]
    public void Freeze_WhileOneIsFrozen_GivesTheSameBytesAndMergesWhatComesLater()
    {
        var store = Start();
        Record(store, 1);
        var first = store.Freeze()!;
        for (var interval = 0; interval < 1000; interval++)
        {
            Record(store, 1);
            Assert.Equal(first.Bytes, store.Freeze()!.Bytes);
        }

        store.Acknowledge(first);

        Assert.Equal(1000, Read(store.Freeze()!).Decisions.Sum(count => count.Count));
    }

    [Fact]
    public void Reopen_AfterCrashBetweenFreezeAndSend_SendsTheSameBytesAndLosesNothing()
    {
        var store = Start();
        Record(store, 5);
        var frozen = store.Freeze()!;
        Record(store, 4);

        store = Restart();

        Assert.Equal(frozen.Bytes, store.Freeze()!.Bytes);
        store.Acknowledge(frozen);
        Assert.Equal(4, Read(store.Freeze()!).Decisions.Sum(count => count.Count));
    }

    [Fact]
    public void Reopen_AfterCrashBetweenCountAndFreeze_LosesNothing()
    {
        var store = Start();
        Record(store, 7);

        store = Restart();
        Record(store, 1);

        Assert.Equal(8, Read(store.Freeze()!).Decisions.Sum(count => count.Count));
    }

    [Fact]
    public void Totals_OverRandomCrashesOutagesAndLostAnswers_AreExact()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var receiver = new Dictionary<(long Epoch, long Sequence), TelemetryBatch>();
        var recorded = 0L;
        var store = Start();
        for (var step = 0; step < 300; step++)
        {
            switch (random.Next(5))
            {
                case 0 or 1:
                    var count = random.Next(1, 20);
                    Record(store, count);
                    recorded += count;
                    break;
                case 2:
                    store = Restart();
                    break;
                default:
                    // The batch arrives; its answer may be lost, and then it comes again.
                    if (store.Freeze() is { } batch)
                    {
                        receiver.TryAdd((batch.Epoch, batch.Sequence), Read(batch));
                        if (random.Next(2) == 0)
                        {
                            store.Acknowledge(batch);
                            store.EndInterval();
                        }
                    }

                    break;
            }
        }

        while (store.Freeze() is { } last)
        {
            receiver.TryAdd((last.Epoch, last.Sequence), Read(last));
            store.Acknowledge(last);
        }

        Assert.True(
            recorded == receiver.Values.Sum(batch => batch.Decisions.Sum(count => count.Count)),
            $"seed {seed}: recorded {recorded}");
    }

    [Fact]
    public void Reopen_TornCounters_AreSetAsideAndTheFrozenBatchIsStillOwed()
    {
        var store = Start();
        Record(store, 5);
        var frozen = store.Freeze()!;
        CloseState();
        File.WriteAllBytes(PathOf(StateFiles.TelemetryCounters), new byte[100]);

        store = Restart();
        Record(store, 2);

        Assert.Contains(_state!.Problems, problem => problem.Code == StateCodes.FileSetAside);
        Assert.Equal(frozen.Bytes, store.Frozen!.Bytes);
        store.Acknowledge(frozen);
        var next = Read(store.Freeze()!);
        Assert.NotEqual(frozen.Epoch, next.Epoch);
        Assert.Equal((1, 2), (next.Sequence, next.Decisions.Sum(count => count.Count)));
    }

    [Fact]
    public void Reopen_CountersOfAnotherFormat_AreSetAside()
    {
        Record(Start(), 1);
        CloseState();
        using (var file = new FileStream(PathOf(StateFiles.TelemetryCounters), FileMode.Open))
        {
            file.Position = 8;
            file.WriteByte(99);
        }

        Assert.Null(Restart().Freeze());
        Assert.Contains(_state!.Problems, problem => problem.Code == StateCodes.FileSetAside);
    }

    [Fact]
    public void Reopen_TornPending_StartsAnewRatherThanCountingTwice()
    {
        var store = Start();
        Record(store, 5);
        store.Acknowledge(store.Freeze()!);
        CloseState();
        var pending = File.ReadAllBytes(PathOf(StateFiles.TelemetryPending));
        File.WriteAllBytes(PathOf(StateFiles.TelemetryPending), pending[..^10]);

        store = Restart();

        Assert.Null(store.Freeze());
        Assert.Equal(2, _state!.Problems.Count(problem => problem.Code == StateCodes.FileSetAside));
        Record(store, 1);
        Assert.Equal(1, Read(store.Freeze()!).Decisions.Sum(count => count.Count));
    }

    [Fact]
    public void Reopen_AsAnotherEdge_SendsNothingOfTheFirst()
    {
        Record(Start(), 5);
        CloseState();

        _state = StateDirectory.Open(_folder.Path, ephemeral: false);
        var store = TelemetryStore.Open(_state, "other-edge", isKept: true, new NoReports(), _time);

        Assert.Null(store.Freeze());
    }

    [Fact]
    public void Freeze_AfterTheWallClockWasSetBack_KeepsTheIntervalForward()
    {
        var store = Start();
        Record(store, 1);
        store.Acknowledge(store.Freeze()!);
        _time.StepWallClock(TimeSpan.FromHours(-1));
        Record(store, 1);

        var batch = Read(store.Freeze()!);

        Assert.True(batch.ToUnixMilliseconds >= batch.FromUnixMilliseconds);
    }

    [Fact]
    public void Freeze_Ephemeral_CountsInMemory()
    {
        _state = StateDirectory.Open(_folder.Combine("none"), ephemeral: true);
        var store = TelemetryStore.Open(_state, "edge-1", isKept: true, new NoReports(), _time);
        Record(store, 2);

        Assert.Equal(2, Read(store.Freeze()!).Decisions.Sum(count => count.Count));
        Assert.False(Directory.Exists(_folder.Combine("none")));
    }

    private static TelemetryBatch Read(FrozenBatch batch) =>
        JsonSerializer.Deserialize(batch.Bytes, ContractsJson.Default.TelemetryBatch)!;

    private TelemetryStore Start()
    {
        _state = StateDirectory.Open(_folder.Path, ephemeral: false);
        return TelemetryStore.Open(_state, "edge-1", isKept: true, new NoReports(), _time);
    }

    // As after kill -9: nothing is flushed or closed in good order; only the lock ends.
    private TelemetryStore Restart()
    {
        CloseState();
        return Start();
    }

    private void CloseState()
    {
        _state?.Dispose();
        _state = null;
    }

    private string PathOf(string name) => Path.Combine(_folder.Path, name);

    private void Record(TelemetryStore store, int times)
    {
        for (var i = 0; i < times; i++)
        {
            store.Recorder.Record(_snapshot, i % 3 == 0 ? TestPolicies.Reject(1) : TestPolicies.Allow(), 500);
        }
    }
}
