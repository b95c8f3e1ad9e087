using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Engine.Tests.Support;
using static EdgeGuard.Engine.Tests.Support.Bundle;

namespace EdgeGuard.Engine.Tests.Counters;

/// <summary>
/// Whole decisions of many threads whose reservations come back while others take: some used less than was reserved, some were never
/// forwarded, some say nothing. In the end exactly what was used is charged, by the minute, by the day, in the slots and at every level.
/// </summary>
public sealed class RefundStormTests
{
    private const int Threads = 4;
    private const int Requests = 15_000;
    private const int Reserved = 100;

    // With little of it the limit is reached all the time, and refunds let others in.
    [Theory]
    [InlineData(2_000_000)]
    [InlineData(300_000)]
    public void Refunds_WhileThreadsDecide_LeaveExactlyWhatWasUsedCharged(int tokens)
    {
        Seeds.Next(out var seed);
        using var harness = new Harness(Policy("p", Llm(tokens)));
        var (used, admitted) = Run(harness, seed, 0, (engine, admission, random, now) =>
        {
            var actual = random.Next(Reserved + 1);
            switch (random.Next(3))
            {
                case 0:
                    engine.Finish(admission, Ending.NotForwarded, now);
                    return 0;
                case 1:
                    engine.Finish(admission, Ending.Completed, now);
                    return Reserved;
                default:
                    engine.Settle(admission, new Usage(actual, 0), now);
                    engine.Finish(admission, Ending.Completed, now);
                    return actual;
            }
        });
        Assert.Equal(0, harness.Engine.OpenAdmissions);
        Assert.True(used <= tokens, $"seed {seed}: {used} used of {tokens}");
        Assert.True(admitted > Requests / 10, $"seed {seed}: {admitted} admitted");
        var left = harness.Decide();
        Assert.True(
            left.Verdict == Verdict.Allow ? left.Remaining == tokens - used - Reserved : tokens - used < Reserved && left.Remaining == tokens - used,
            $"seed {seed}: {used} used of {tokens}, {left.Remaining} left");
    }

    /// <summary>A hierarchy that lends, a budget and slots beside it: what is not forwarded costs nobody anything, however many threads race.</summary>
    [Fact]
    public void NotForwarded_WhileThreadsDecide_LeavesNothingTaken()
    {
        Seeds.Next(out var seed);
        using var harness = new Harness(Policy("p", Hierarchy(), Budget(), Slots()));
        var (kept, admitted) = Run(harness, seed, 3, (engine, admission, random, now) =>
        {
            var forwarded = random.Next(50) == 0;
            engine.Finish(admission, forwarded ? Ending.Completed : Ending.NotForwarded, now);
            return forwarded ? 1 : 0;
        });
        Assert.Equal(0, harness.Engine.OpenAdmissions);
        Assert.True(admitted > 1000, $"seed {seed}: {admitted} admitted");
        harness.Reload(Policy("p", Budget()));
        Assert.True(5000 - kept == harness.Admitted(6000), $"seed {seed}: {kept} kept of the budget");
        harness.Reload(Policy("p", Slots()));
        Assert.True(harness.Admitted(10) == 3, $"seed {seed}: slots");
    }

    private static RuleDefinition Llm(int tokens) => new()
    {
        Name = "llm",
        Algorithm = new TokenBucketLlmDefinition { TokensPerMinute = 60, BurstTokens = tokens, TokensPerDay = tokens, DefaultMaxCompletion = Reserved },
    };

    private static RuleDefinition Budget() => new()
    {
        Name = "budget",
        Algorithm = new CostBasedDefinition
        {
            Budget = 5000,
            Window = new BudgetWindow { Period = BudgetPeriod.Day },
            Actions = [new StagedAction(100, StagedActionKind.Reject, 0)],
        },
    };

    private static RuleDefinition Slots() => new() { Name = "slots", Algorithm = new ConcurrencyDefinition { Limit = 3 } };

    private static RuleDefinition Hierarchy() => new()
    {
        Name = "levels",
        Algorithm = new HierarchyDefinition
        {
            Levels =
            [
                new HierarchyLevel { Name = "org", Algorithm = new TokenBucketDefinition { TokensPerSecond = 0.001, Burst = 5000 } },
                new HierarchyLevel
                {
                    Name = "user",
                    LimitKeys = [Header("user")],
                    Algorithm = new TokenBucketDefinition { TokensPerSecond = 0.001, Burst = 900 },
                    Borrow = new BorrowDefinition(50, 10),
                },
            ],
        },
    };

    // What was used of all that was admitted, and how many were.
    private static (long Used, int Admitted) Run(
        Harness harness, int seed, int users, Func<DecisionEngine, Admission, Random, EngineTime, int> end)
    {
        var (used, admitted) = (0L, 0);
        var (snapshot, now) = (harness.Snapshot, harness.Now);
        Storm.Run(Threads, thread =>
        {
            var random = new Random(seed + thread);
            var facts = new FactSet();
            var open = new Queue<Admission>();
            for (var i = 0; i < Requests; i++)
            {
                facts.Begin(snapshot.Facts);
                if (users > 0)
                {
                    facts.Set(0, BitConverter.GetBytes(random.Next(users)));
                }

                if (harness.Engine.Decide(snapshot, new RequestView("GET"u8, default, "/"u8, facts), now, out var admission).IsAdmitted)
                {
                    Interlocked.Increment(ref admitted);
                    open.Enqueue(admission);
                }

                while (open.Count > (i == Requests - 1 ? 0 : random.Next(8)))
                {
                    Interlocked.Add(ref used, end(harness.Engine, open.Dequeue(), random, now));
                }
            }
        });
        return (used, admitted);
    }
}
