using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Counters;

public sealed class ConcurrencyTests
{
    private const int Threads = 4;

    private static readonly EngineTime Now = new(Harness.Start, Harness.Start / 1_000_000);

    [Fact]
    public void Decide_FromManyThreadsAtOneMoment_AdmitsExactlyTheBurst()
    {
        for (var round = 0; round < 20; round++)
        {
            using var harness = new Harness(Policy("p", Rule("r", 10, 20_000)));
            var admitted = Storm(harness, 10_000, _ => default);
            Assert.Equal(20_000, admitted);
        }
    }

    [Fact]
    public void Decide_TwoLimitsRacing_AdmitsExactlyTheSmallerAndTakesNoMoreFromTheLarger()
    {
        for (var round = 0; round < 20; round++)
        {
            // The rule that denies comes last, so that the one before it has to give back.
            using var harness = new Harness(Policy("p", Rule("a-large", 10, 30_000), Rule("b-small", 10, 20_000)));
            var admitted = Storm(harness, 10_000, _ => default);
            Assert.Equal(20_000, admitted);
            harness.Reload(Policy("p", Rule("a-large", 10, 30_000)));
            Assert.Equal(10_000, harness.Admitted(11_000));
        }
    }

    [Fact]
    public void Decide_ManyKeysFromManyThreads_AdmitsTheBurstOfEach()
    {
        using var harness = new Harness(Policy("p", Rule("r", 10, 50, Header("k"))));
        var admitted = Storm(harness, 60_000, i => i % 1000);
        Assert.Equal(1000 * 50, admitted);
        Assert.Equal(1000, harness.Table.Occupied);
    }

    [Fact]
    public void Decide_WhileTheNumbersChange_NeverAdmitsMoreThanTheLargestBurst()
    {
        for (var round = 0; round < 20; round++)
        {
            using var harness = new Harness(Policy("p", Rule("r", 10, 5000)));
            var small = harness.Snapshot;
            harness.Reload(Policy("p", Rule("r", 20, 8000)));
            var large = harness.Snapshot;
            harness.Snapshot = small;
            var admitted = Storm(harness, 5000, _ => default, i => i % 64 < 32 ? small : large);
            Assert.InRange(admitted, 1, 8000);
        }
    }

    [Fact]
    public void Decide_TwoThreadsClaimOneKey_GiveItOneCell()
    {
        const int Rounds = 400_000;
        const int Block = 1000;
        using var harness = new Harness(Bundle.Compile(Policy("p", Rule("r", 1, 1, Header("k")))), CounterTable.MinMemoryBytes * 2);
        var snapshot = harness.Snapshot;
        using var barrier = new Barrier(2);
        var admitted = new int[2][];
        var threads = new Thread[2];
        for (var t = 0; t < 2; t++)
        {
            var mine = admitted[t] = new int[Rounds];
            threads[t] = new Thread(() =>
            {
                var facts = new FactSet();
                Span<byte> key = stackalloc byte[4];
                for (var i = 0; i < Rounds; i++)
                {
                    if (i % Block == 0)
                    {
                        barrier.SignalAndWait();
                    }

                    // Both walk the same keys. Blocks of them are two seconds apart, so that cells are claimed, evicted and claimed again.
                    BitConverter.TryWriteBytes(key, i);
                    facts.Begin(snapshot.Facts);
                    facts.Set(0, key);
                    var now = Now with { Nanoseconds = Now.Nanoseconds + (i / Block * 2_000_000_000L) };
                    var view = new RequestView("GET"u8, default, "/"u8, facts);
                    mine[i] = harness.Engine.Decide(snapshot, in view, now, out _).Verdict == Verdict.Allow ? 1 : 0;
                }
            });
            threads[t].Start();
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }

        var over = 0;
        for (var i = 0; i < Rounds; i++)
        {
            over += admitted[0][i] + admitted[1][i] > 1 ? 1 : 0;
        }

        Assert.Equal(0, over);
    }

    private static int Storm(Harness harness, int requestsPerThread, Func<int, int> key, Func<int, PolicySnapshot>? snapshots = null)
    {
        var total = 0;
        var threads = new Thread[Threads];
        for (var t = 0; t < Threads; t++)
        {
            threads[t] = new Thread(() =>
            {
                var facts = new FactSet();
                var admitted = 0;
                for (var i = 0; i < requestsPerThread; i++)
                {
                    var snapshot = snapshots?.Invoke(i) ?? harness.Snapshot;
                    facts.Begin(snapshot.Facts);
                    if (facts.Count > 0)
                    {
                        facts.Set(0, BitConverter.GetBytes(key(i)));
                    }

                    var view = new RequestView("GET"u8, default, "/"u8, facts);
                    admitted += harness.Engine.Decide(snapshot, in view, Now, out _).Verdict == Verdict.Allow ? 1 : 0;
                }

                Interlocked.Add(ref total, admitted);
            });
            threads[t].Start();
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }

        return total;
    }
}
