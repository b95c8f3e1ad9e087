using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Counters;

/// <summary>Hot reloads while several threads decide: the numbers change under the requests, and nobody gets more than the policies allow.</summary>
public sealed class ReloadStormTests
{
    private const int Threads = 4;
    private const int RequestsEach = 20_000;
    private const int Reloads = 300;
    private const int Quota = 5000;

    private static readonly DescriptorKey Key = Bundle.Header("k");

    [Theory]
    [InlineData("bucket")]
    [InlineData("budget")]
    [InlineData("window")]
    [InlineData("hierarchy")]
    public void ChangingNumbers_WhileThreadsDecide_AdmitsNoMoreThanTheLargest(string kind)
    {
        var admitted = Run(round => Policy(kind, "r", Quota - (round % 3 * 1000)), advance: 0);

        // A bucket that was cut once stays cut: less than the quota is right, more never.
        Assert.InRange(admitted, 1, Quota);
        Assert.True(kind is "bucket" or "hierarchy" || admitted == Quota, $"{admitted} of {Quota}");
    }

    [Fact]
    public void LargerBursts_WhileThreadsDecide_GiveNothingToWhoHasUsedTheSmaller()
    {
        var admitted = Run(round => Policy("bucket", "r", Quota + (round * 1000)), advance: 0);

        // The first burst, and of the larger ones nothing: no time passes. A take that races with several reloads may be charged twice.
        Assert.InRange(admitted, Quota * 99 / 100, Quota);
    }

    [Fact]
    public void ChangingRates_WhileTimePasses_AdmitsNoMoreThanBurstAndFastestRate()
    {
        const int Step = 1_000_000;
        var admitted = Run(round => Policy("bucket", "r", Quota, rate: round % 2 == 0 ? 1000 : 10), Step);
        var seconds = (double)Reloads * Step / 1e9;

        Assert.InRange(admitted, Quota, Quota + (1000 * seconds) + 1);
    }

    [Fact]
    public void ChangingWhatIsCounted_WhileThreadsDecide_StartsNewCountersOnceEach()
    {
        const int Names = 3;
        var admitted = Run(round => Policy("bucket", "r" + (round % Names), Quota), advance: 0);

        Assert.InRange(admitted, Quota, Quota * Names);
    }

    // Threads decide on one value; one more reloads all the time, and lets time pass with each reload.
    private static long Run(Func<int, PolicyDefinition> policyOf, long advance)
    {
        using var table = CounterTable.Create(new CounterTableOptions(1 << 20, new UInt128(11, 13)));
        var engine = new DecisionEngine(table);
        var snapshot = PolicySnapshot.Empty.WithPolicy(Bundle.Compile(policyOf(0)));
        var now = Harness.Start;

        // The first bundle's counter is there before the first reload: it is the one that everything is measured by.
        var admitted = Decide(engine, snapshot, new FactSet(), now) ? 1L : 0;
        Storm.Run(Threads + 1, thread =>
        {
            if (thread == Threads)
            {
                for (var round = 1; round <= Reloads; round++)
                {
                    Volatile.Write(ref snapshot, PolicySnapshot.Empty.WithPolicy(Bundle.Compile(policyOf(round))));
                    Interlocked.Add(ref now, advance);
                    Thread.Yield();
                }

                return;
            }

            var facts = new FactSet();
            for (var i = 0; i < RequestsEach; i++)
            {
                if (Decide(engine, Volatile.Read(ref snapshot), facts, Interlocked.Read(ref now)))
                {
                    Interlocked.Increment(ref admitted);
                }
            }
        });

        // A busy machine may have let all requests by before the last reloads: what is left then is asked for by the last bundle.
        var last = new FactSet();
        while (Decide(engine, snapshot, last, now))
        {
            admitted++;
        }

        return admitted;
    }

    private static bool Decide(DecisionEngine engine, PolicySnapshot snapshot, FactSet facts, long nanoseconds)
    {
        facts.Begin(snapshot.Facts);
        facts.Set(snapshot.Facts.Slots.IndexOf(Key), "tenant");
        var request = new RequestView("GET"u8, "localhost"u8, "/"u8, facts);
        return engine.Decide(snapshot, in request, new EngineTime(nanoseconds, nanoseconds / 1_000_000), out _).IsAdmitted;
    }

    private static PolicyDefinition Policy(string kind, string rule, double quota, double rate = 0.001) => Bundle.Policy("p", new RuleDefinition
    {
        Name = rule,
        LimitKeys = kind == "hierarchy" ? [] : [Key],
        Algorithm = kind switch
        {
            "bucket" => new TokenBucketDefinition { TokensPerSecond = rate, Burst = quota },
            "budget" => new CostBasedDefinition
            {
                Budget = quota,
                Window = new BudgetWindow { Period = BudgetPeriod.Day },
                Actions = [new StagedAction(100, StagedActionKind.Reject, 0)],
            },
            "window" => new SlidingWindowDefinition { Limit = quota, Window = TimeSpan.FromSeconds(60) },
            _ => new HierarchyDefinition
            {
                Levels =
                [
                    new HierarchyLevel { Name = "all", Algorithm = new TokenBucketDefinition { TokensPerSecond = rate, Burst = quota } },
                    new HierarchyLevel
                    {
                        Name = "one",
                        LimitKeys = [Key],
                        Algorithm = new TokenBucketDefinition { TokensPerSecond = rate, Burst = quota },
                    },
                ],
            },
        },
    });
}
