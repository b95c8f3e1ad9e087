using EdgeGuard.Edge.Telemetry;
using EdgeGuard.Edge.Tests.Support;

namespace EdgeGuard.Edge.Tests.Telemetry;

/// <summary>What happens when there are more outcomes than series.</summary>
public sealed class DecisionRecorderRoomTests
{
    private const int Policies = 10_000;

    [Fact]
    public void Record_ManyMorePoliciesThanSeries_AllocatesForNoneOnceEachWasSeen()
    {
        var recorder = new DecisionRecorder(CounterMemory.Plain());
        var snapshot = TestPolicies.Snapshot(Policies);
        RecordAll(recorder, snapshot);

        var before = GC.GetAllocatedBytesForCurrentThread();
        RecordAll(recorder, snapshot);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // Less than a byte a decision: the runtime may make a few objects of its own meanwhile, and looking for room made four each.
        Assert.True(allocated < Policies, $"{allocated} bytes allocated for {Policies} decisions");
        Assert.Equal(2 * Policies, recorder.Totals().Sum(total => total.Count));
    }

    [Fact]
    public void Recycle_RoomAgain_GivesWhatCountedAmongTheOthersASeriesOfItsOwn()
    {
        var recorder = new DecisionRecorder(CounterMemory.Plain());
        for (var version = 1; version <= CounterLayout.Capacity; version++)
        {
            recorder.Record(TestPolicies.Snapshot(1, version), TestPolicies.Allow(), 100);
        }

        var late = TestPolicies.Snapshot(2, CounterLayout.Capacity + 1);
        recorder.Record(late, TestPolicies.Reject(1), 100);
        Assert.DoesNotContain(recorder.Totals(), total => total is { Verdict: "reject", Policy: not SeriesTable.Other });

        // A slot is given away after three intervals without a count; one more is needed to see the last counts.
        for (var interval = 0; interval < 4; interval++)
        {
            recorder.Recycle(frozen: null);
        }

        recorder.Record(late, TestPolicies.Reject(1), 100);

        var own = Assert.Single(recorder.Totals(), total => total is { Verdict: "reject", Policy: not SeriesTable.Other });
        Assert.Equal(1, own.Count);
        Assert.Equal(CounterLayout.Capacity + 2, recorder.Totals().Sum(total => total.Count));
    }

    private static void RecordAll(DecisionRecorder recorder, EdgeGuard.Engine.Snapshot.PolicySnapshot snapshot)
    {
        for (var policy = 0; policy < Policies; policy++)
        {
            recorder.Record(snapshot, TestPolicies.Allow(policy), 100);
        }
    }
}
