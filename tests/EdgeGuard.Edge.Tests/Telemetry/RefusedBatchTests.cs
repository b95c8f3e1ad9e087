using System.Text.Json;
using EdgeGuard.Contracts;
using EdgeGuard.Edge.State;
using EdgeGuard.Edge.Telemetry;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Edge.Tests.Sync;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Telemetry;

public sealed class RefusedBatchTests
{
    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task Batch_RefusedForGood_IsSetAsideAndLaterOnesGoOn(int status)
    {
        await using var fixture = await SyncFixture.CreateAsync();
        var time = new TestTimeProvider(TimeProvider.System.GetUtcNow());
        fixture.Plane.TelemetryStatus = () => Read(fixture.Plane.Batches.Items[^1]).Sequence == 1 ? status : 204;
        await using var edge = await fixture.StartEdgeAsync(time);
        var sender = edge.Get<TelemetrySender>();
        Record(edge.Get<DecisionRecorder>(), 3);
        for (var i = 0; i < RefusalWatch.LeastRefusals; i++)
        {
            Assert.NotNull((await sender.FlushAsync(CancellationToken.None)).Problem);
        }

        Record(edge.Get<DecisionRecorder>(), 4);
        Assert.Equal(0, sender.SetAside);
        time.Advance(RefusalWatch.LeastTime);
        await sender.FlushAsync(CancellationToken.None);

        Assert.Equal((1L, 1L), (sender.SetAside, sender.Sent));
        var aside = Assert.Single(Directory.GetFiles(fixture.Folder.Combine("state"), StateFiles.TelemetryRefusedPrefix + "*"));
        Assert.Equal(fixture.Plane.Batches.Items[0], await File.ReadAllBytesAsync(aside));
        Assert.Equal(4, Read(fixture.Plane.Batches.Items[^1]).Decisions.Sum(count => count.Count));
    }

    [Fact]
    public async Task Batch_RefusedLongButSeldom_IsStillSent()
    {
        await using var fixture = await SyncFixture.CreateAsync();
        var time = new TestTimeProvider(TimeProvider.System.GetUtcNow());
        fixture.Plane.TelemetryStatus = () => 422;
        await using var edge = await fixture.StartEdgeAsync(time);
        Record(edge.Get<DecisionRecorder>(), 3);
        await edge.Get<TelemetrySender>().FlushAsync(CancellationToken.None);
        time.Advance(RefusalWatch.LeastTime);
        await edge.Get<TelemetrySender>().FlushAsync(CancellationToken.None);

        Assert.Equal(0, edge.Get<TelemetrySender>().SetAside);
        Assert.NotNull(edge.Get<TelemetryStore>().Frozen);
    }

    [Fact]
    public void SetAside_Often_KeepsTheNewestOnly()
    {
        using var folder = new TempFolder();
        using var state = StateDirectory.Open(folder.Path, ephemeral: false);
        var store = TelemetryStore.Open(state, "edge-1", isKept: true, new NoReports(), new TestTimeProvider());
        for (var i = 0; i < TelemetryStore.MaxSetAside + 4; i++)
        {
            Record(store.Recorder, 1);
            store.SetAside(store.Freeze()!);
        }

        Assert.Equal(TelemetryStore.MaxSetAside, Directory.GetFiles(folder.Path, StateFiles.TelemetryRefusedPrefix + "*").Length);
        Assert.Null(store.Frozen);
    }

    private static TelemetryBatch Read(byte[] batch) => JsonSerializer.Deserialize(batch, ContractsJson.Default.TelemetryBatch)!;

    private static void Record(DecisionRecorder recorder, int times)
    {
        var snapshot = TestPolicies.Snapshot();
        for (var i = 0; i < times; i++)
        {
            recorder.Record(snapshot, TestPolicies.Allow(), 500);
        }
    }
}
