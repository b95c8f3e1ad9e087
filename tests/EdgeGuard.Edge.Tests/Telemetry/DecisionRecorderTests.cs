using EdgeGuard.Contracts;
using EdgeGuard.Edge.Telemetry;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Telemetry;

public sealed class DecisionRecorderTests
{
    [Fact]
    public void Record_Outcomes_AreCountedWithLabelsOfTheBundle()
    {
        var recorder = new DecisionRecorder(CounterMemory.Plain());
        var snapshot = TestPolicies.Snapshot(version: 7);

        recorder.Record(snapshot, TestPolicies.Allow(), 100);
        recorder.Record(snapshot, TestPolicies.Allow(), 100);
        recorder.Record(snapshot, TestPolicies.Reject(1), 100);

        Assert.Equal(
            [
                new DecisionCount("p0", "limit", "allow", "", snapshot.PolicyRoute(0), false, 7, 2),
                new DecisionCount("p1", "limit", "reject", "token_bucket_exceeded", snapshot.PolicyRoute(1), false, 7, 1),
            ],
            recorder.Totals().OrderBy(total => total.Policy, StringComparer.Ordinal));
    }

    [Fact]
    public void Record_ShadowRejection_IsOneMoreSeriesBesideTheDecision()
    {
        var recorder = new DecisionRecorder(CounterMemory.Plain());
        var snapshot = TestPolicies.Snapshot();
        var decision = TestPolicies.Allow() with { ShadowReason = Reason.TokenBucketExceeded, ShadowPolicy = 1, ShadowRule = 1 };

        recorder.Record(snapshot, decision, 100);

        var totals = recorder.Totals();
        Assert.Equal("p0", Assert.Single(totals, total => !total.Shadow).Policy);
        var shadow = Assert.Single(totals, total => total.Shadow);
        Assert.Equal(("p1", "reject", "token_bucket_exceeded"), (shadow.Policy, shadow.Verdict, shadow.Reason));
    }

    [Fact]
    public void Record_WithoutBundle_IsCountedWithEmptyLabels()
    {
        var recorder = new DecisionRecorder(CounterMemory.Plain());
        var decision = TestPolicies.Allow(Decision.None) with { Verdict = Verdict.Reject, Reason = Reason.NoBundleLoaded };

        recorder.Record(PolicySnapshot.Empty, decision, 100);

        Assert.Equal(new DecisionCount("", "", "reject", "no_bundle_loaded", "", false, 0, 1), Assert.Single(recorder.Totals()));
    }

    [Fact]
    public void Record_ManyThreadsAcrossSwaps_CountsExactly()
    {
        const int Threads = 8;
        const int PerThread = 50_000;
        var recorder = new DecisionRecorder(CounterMemory.Plain());
        PolicySnapshot[] snapshots = [TestPolicies.Snapshot(4, version: 1), TestPolicies.Snapshot(4, version: 2), TestPolicies.Snapshot(4, version: 3)];

        var threads = Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            for (var i = 0; i < PerThread; i++)
            {
                // The snapshot changes under the threads, and late ones still decide by the one before.
                var snapshot = snapshots[Math.Min(2, (i + (thread * 7)) / 20_000)];
                recorder.Record(snapshot, (i & 1) == 0 ? TestPolicies.Allow(i % 4) : TestPolicies.Reject(i % 4), i);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        var totals = recorder.Totals();
        Assert.Equal(Threads * PerThread, totals.Sum(total => total.Count));
        Assert.Equal(Threads * PerThread / 2, totals.Where(total => total.Verdict == "allow").Sum(total => total.Count));
        Assert.Equal(Threads * PerThread, recorder.LatencyTotals().Sum());
    }

    [Fact]
    public void Record_KnownSeries_AllocatesNothing()
    {
        var recorder = new DecisionRecorder(CounterMemory.Plain());
        var snapshot = TestPolicies.Snapshot();
        var allow = TestPolicies.Allow() with { ShadowReason = Reason.TokenBucketExceeded, ShadowPolicy = 1, ShadowRule = 1 };
        var reject = TestPolicies.Reject(1);

        Assert.Equal(0, Allocations.Least(() => Run(10_000)));

        void Run(int times)
        {
            for (var i = 0; i < times; i++)
            {
                recorder.Record(snapshot, in allow, 300);
                recorder.Record(snapshot, in reject, 3_000_000_000);
            }
        }
    }

    [Fact]
    public void Record_MoreSeriesThanThereIsRoomFor_CountsTheRestAsOther()
    {
        var recorder = new DecisionRecorder(CounterMemory.Plain());
        const int Versions = 1100;
        const int Policies = 4;
        for (var version = 1; version <= Versions; version++)
        {
            var snapshot = TestPolicies.Snapshot(Policies, version);
            for (var policy = 0; policy < Policies; policy++)
            {
                recorder.Record(snapshot, TestPolicies.Allow(policy), 100);
            }
        }

        var totals = recorder.Totals();
        Assert.Equal(Versions * Policies, totals.Sum(total => total.Count));
        Assert.Equal(
            (Versions * Policies) - (CounterLayout.Capacity - SeriesTable.OtherSlots),
            totals.Where(total => total.Policy == SeriesTable.Other).Sum(total => total.Count));
    }

    [Fact]
    public void Recycle_SeriesNoLongerCounted_MakesRoomAndKeepsTotals()
    {
        var recorder = new DecisionRecorder(CounterMemory.Plain());
        const int Versions = 3000;
        for (var version = 1; version <= Versions; version++)
        {
            var snapshot = TestPolicies.Snapshot(2, version);
            recorder.Record(snapshot, TestPolicies.Allow(0), 100);
            recorder.Record(snapshot, TestPolicies.Reject(1), 100);
            if (version % 200 == 0)
            {
                for (var interval = 0; interval < 4; interval++)
                {
                    recorder.Recycle(frozen: null);
                }
            }
        }

        var totals = recorder.Totals();
        Assert.Equal(Versions, totals.Where(total => total.Verdict == "allow").Sum(total => total.Count));
        Assert.Equal(Versions, totals.Where(total => total.Verdict == "reject").Sum(total => total.Count));
        Assert.DoesNotContain(totals, total => total.Policy == SeriesTable.Other);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(250, 0)]
    [InlineData(251, 1)]
    [InlineData(1_000_000_000, 13)]
    [InlineData(1_000_000_001, 14)]
    public void Record_Latency_GoesToItsBucket(long nanoseconds, int bucket)
    {
        var recorder = new DecisionRecorder(CounterMemory.Plain());

        recorder.Record(TestPolicies.Snapshot(), TestPolicies.Allow(), nanoseconds);

        Assert.Equal(bucket, Array.IndexOf(recorder.LatencyTotals(), 1));
    }
}
