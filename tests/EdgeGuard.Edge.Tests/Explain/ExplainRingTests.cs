using EdgeGuard.Edge.Explain;
using EdgeGuard.Edge.Tracing;
using EdgeGuard.Engine.Decide;
using EdgeGuard.Engine.Explain;
using EdgeGuard.Engine.Facts;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Explain;

public sealed class ExplainRingTests
{
    private const long Keep = 1_000_000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(64)]
    public void Entry_OfSoManySteps_IsReadAsWritten(int steps)
    {
        var ring = new ExplainRing(64 * 1024, Keep);

        Assert.True(Add(ring, 7, steps));

        Assert.Equal(7, Assert.Single(Read(ring)));
    }

    [Fact]
    public void Entry_OfTooManySteps_KeepsTheFirstDenial()
    {
        var ring = new ExplainRing(64 * 1024, Keep);
        var steps = Enumerable.Range(0, 200).Select(i => new DecisionStep { Rule = i, Outcome = i >= 150 ? StepOutcome.Denied : StepOutcome.Allowed }).ToArray();
        var head = default(EntryHead);

        Assert.True(ring.TryAdd(ref head, steps, []));

        Assert.True(ring.TryReadHead(0, out var read));
        Assert.True(ring.TryReadRest(0, in read, out var kept, out _));
        Assert.Equal((200, ExplainRing.MaxSteps), (read.StepsConsidered, kept.Length));
        Assert.Equal(150, kept[^1].Rule);
    }

    [Fact]
    public void Ring_ThatIsFull_DropsTheOldestAndCountsThoseWithinTheirTime()
    {
        var ring = new ExplainRing(64 * 1024, Keep);
        for (var i = 0; i < ring.Capacity + 5; i++)
        {
            Assert.True(Add(ring, i, 1, nanoseconds: i < 3 ? 0 : 2 * Keep));
        }

        Assert.Equal(Enumerable.Range(5, ring.Capacity).Reverse(), Read(ring));

        // Of the five that went, three were too old to be asked for.
        Assert.Equal(2, ring.Dropped);
    }

    [Fact]
    public async Task Ring_UnderConcurrentWritersAndReaders_NeverShowsAMixedEntry()
    {
        const int Writers = 4;
        const int Each = 2500;
        var ring = new ExplainRing(32 * 1024, Keep); // Some 35 places: it turns round hundreds of times.
        var added = 0;
        var reads = 0;
        using var done = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                reads += Read(ring).Count;
            }
        });
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                if (Add(ring, (writer * Each) + i + 1, 1 + (i % 20)))
                {
                    Interlocked.Increment(ref added);
                }
            }
        })));
        await done.CancelAsync();
        await reader;

        Assert.True(Read(ring).Count <= ring.Capacity);
        Assert.True(added + ring.Dropped >= Writers * Each, $"{added} added, {ring.Dropped} dropped");
        Assert.True(added > Writers * Each / 2, $"only {added} were added; {reads} reads");
    }

    [Fact]
    public void Add_OnTheSteadyPath_AllocatesNothing()
    {
        var ring = new ExplainRing(1024 * 1024, Keep);
        var steps = new DecisionStep[5];
        var marks = new FactMark[5];
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                var head = new EntryHead { Nanoseconds = i };
                ring.TryAdd(ref head, steps, marks);
            }
        }));
    }

    private static bool Add(ExplainRing ring, int number, int steps, long nanoseconds = 0)
    {
        var head = new EntryHead { UnixMilliseconds = number, Nanoseconds = nanoseconds, Trace = new RequestTrace(new DecisionId((uint)number), default) };
        return ring.TryAdd(
            ref head,
            [.. Enumerable.Repeat(new DecisionStep { Rule = number, Before = number, KeyHash = (ulong)number }, steps)],
            [.. Enumerable.Repeat(new FactMark(number, FactState.Present, (ulong)number), MarkBuffer.Capacity)]);
    }

    /// <summary>Numbers of all entries, newest first, after every part of each was compared.</summary>
    private static List<int> Read(ExplainRing ring)
    {
        var numbers = new List<int>();
        var newest = ring.Newest;
        for (var position = newest; position > newest - ring.Capacity && position >= 0; position--)
        {
            if (ring.TryReadHead(position, out var head) && ring.TryReadRest(position, in head, out var steps, out var marks))
            {
                var number = (int)head.UnixMilliseconds;
                Assert.Equal((UInt128)(uint)number, head.Trace.Id.Value);
                Assert.All(steps, step => Assert.Equal((number, number, (ulong)number), (step.Rule, (int)step.Before, step.KeyHash)));
                Assert.All(marks, mark => Assert.Equal((number, (ulong)number), (mark.Slot, mark.Hash)));
                numbers.Add(number);
            }
        }

        return numbers;
    }
}
