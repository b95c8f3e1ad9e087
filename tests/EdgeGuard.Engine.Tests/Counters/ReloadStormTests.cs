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
    private static readonly DescriptorKey Other = Bundle.Header("other");

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

        // A thread that was stopped with old numbers in its hand takes the counter back to them, and what passed since the newer ones came is then counted
        // against it once more: at the fast rate that may be 300 tokens each time. Less than the quota is right, more never.
        Assert.InRange(admitted, 1, Quota + (1000 * seconds) + 1);
    }

    /// <summary>Each thing that is counted has one budget, however often the policy goes from one to the other and back under the requests.</summary>
    [Theory]
    [InlineData("names")]
    [InlineData("keys")]
    public void ChangingWhatIsCounted_WhileThreadsDecide_GivesEachItsOwnBudgetOnce(string what)
    {
        const int Variants = 3;
        DescriptorKey[][] keys = [[Key], [Other], [Key, Other]];
        var admitted = Run(
            round => what == "names" ? Policy("bucket", $"r{round % Variants}", Quota) : Policy("bucket", "r", Quota, keys: keys[round % Variants]),
            advance: 0,
            Variants);

        Assert.Equal([Quota, Quota, Quota], admitted);
    }

    private static long Run(Func<int, PolicyDefinition> policyOf, long advance) => Assert.Single(Run(policyOf, advance, variants: 1));

    // Threads decide on one value; one more reloads all the time, and lets time pass with each reload. How many were admitted by each of so many
    // policies that follow each other.
    private static long[] Run(Func<int, PolicyDefinition> policyOf, long advance, int variants)
    {
        using var table = CounterTable.Create(new CounterTableOptions(1 << 20, new UInt128(11, 13)));
        var engine = new DecisionEngine(table);
        var current = Load(policyOf, 0, variants);
        var now = Harness.Start;
        var admitted = new long[variants];

        // The first bundle's counter is there before the first reload: it is the one that everything is measured by.
        admitted[0] = Decide(engine, current.Snapshot, new FactSet(), now) ? 1L : 0;
        Storm.Run(Threads + 1, thread =>
        {
            if (thread == Threads)
            {
                for (var round = 1; round <= Reloads; round++)
                {
                    Volatile.Write(ref current, Load(policyOf, round, variants));
                    Interlocked.Add(ref now, advance);
                    Thread.Yield();
                }

                return;
            }

            var facts = new FactSet();
            for (var i = 0; i < RequestsEach; i++)
            {
                var loaded = Volatile.Read(ref current);
                if (Decide(engine, loaded.Snapshot, facts, Interlocked.Read(ref now)))
                {
                    Interlocked.Increment(ref admitted[loaded.Variant]);
                }
            }
        });

        // A busy machine may have let all requests by before the last reloads: what is left then is asked for by the last bundle of each kind.
        var last = new FactSet();
        for (var round = Reloads; round < Reloads + variants; round++)
        {
            current = round == Reloads ? current : Load(policyOf, round, variants);
            while (Decide(engine, current.Snapshot, last, now))
            {
                admitted[current.Variant]++;
            }
        }

        return admitted;
    }

    private static Loaded Load(Func<int, PolicyDefinition> policyOf, int round, int variants) =>
        new(PolicySnapshot.Empty.WithPolicy(Bundle.Compile(policyOf(round))), round % variants);

    private static bool Decide(DecisionEngine engine, PolicySnapshot snapshot, FactSet facts, long nanoseconds)
    {
        facts.Begin(snapshot.Facts);
        for (var slot = 0; slot < snapshot.Facts.Slots.Length; slot++)
        {
            facts.Set(slot, "tenant");
        }

        var request = new RequestView("GET"u8, "localhost"u8, "/"u8, facts);
        return engine.Decide(snapshot, in request, new EngineTime(nanoseconds, nanoseconds / 1_000_000), out _).IsAdmitted;
    }

    private static PolicyDefinition Policy(string kind, string rule, double quota, double rate = 0.001, DescriptorKey[]? keys = null) => Bundle.Policy("p", new RuleDefinition
    {
        Name = rule,
        LimitKeys = kind == "hierarchy" ? [] : [.. keys ?? [Key]],
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

    private sealed record Loaded(PolicySnapshot Snapshot, int Variant);
}
