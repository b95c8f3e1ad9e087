using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Counters;

/// <summary>
/// Many threads on a clock that runs through windows while they work: what they have read of it is old, by a little or by windows, when they
/// take. Other names fill the sets meanwhile, so that cells are claimed, forgotten and claimed again.
/// </summary>
public sealed class WindowStormTests
{
    private const int Threads = 4;
    private const int Requests = 40_000;
    private const ulong Quota = 1000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Budget_WhileWindowsTurn_IsNeverOverInAnyWindow(bool giveBack)
    {
        Seeds.Next(out var seed);
        using var rig = new CounterRig();
        var limit = rig.Window(new FixedCalendar(CounterRig.Second));
        var crowd = rig.Window(new FixedCalendar(CounterRig.Second), rule: -2);
        var kept = Admissions(seed, clock: 100_000, lateness: 3 * CounterRig.Second, (random, now) =>
        {
            var other = rig.Ask(random.Next(5_000), 1, 10);
            WindowCounter.Check(rig.Table, crowd, ref other, now);
            WindowCounter.Take(rig.Table, crowd, ref other, now);

            var request = rig.Ask(random.Next(2) + 100_000, (ulong)random.Next(1, 9), Quota);
            WindowCounter.Check(rig.Table, limit, ref request, now);
            Dawdle(random);
            if (WindowCounter.Take(rig.Table, limit, ref request, now) != TakeResult.Taken)
            {
                return default;
            }

            if (giveBack && random.Next(2) == 0)
            {
                WindowCounter.GiveBack(rig.Table, limit, ref request, request.Cost);
                return default;
            }

            return new Admission(request.Key, (long)request.Clock, request.Cost);
        });

        AssertNeverOver(kept, before: 0, part: CounterRig.Second, seed);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(20, true)]
    public void Sliding_WhilePartsTurn_IsNeverOverInAnyWindow(int parts, bool giveBack)
    {
        Seeds.Next(out var seed);
        using var rig = new CounterRig();
        var limit = rig.Sliding(TimeSpan.FromSeconds(1), parts);
        var crowd = rig.Sliding(TimeSpan.FromSeconds(1), 1, rule: -2);
        var kept = Admissions(seed, clock: 100_000, lateness: CounterRig.Second, (random, now) =>
        {
            var other = rig.Ask(random.Next(5_000), 1, 10);
            SlidingWindowCounter.Check(rig.Table, crowd, ref other, now);
            SlidingWindowCounter.Take(rig.Table, crowd, ref other, now);

            var request = rig.Ask(random.Next(2) + 100_000, (ulong)random.Next(1, 9), Quota);
            SlidingWindowCounter.Check(rig.Table, limit, ref request, now);
            Dawdle(random);
            if (SlidingWindowCounter.Take(rig.Table, limit, ref request, now) != TakeResult.Taken)
            {
                return default;
            }

            if (giveBack && random.Next(2) == 0)
            {
                SlidingWindowCounter.GiveBack(rig.Table, limit, ref request, request.Cost);
                return default;
            }

            return new Admission(request.Key, (long)request.Clock, request.Cost);
        });

        AssertNeverOver(kept, before: parts, limit.PartNanoseconds, seed);
    }

    // Every thread reads a clock that all of them drive, now and then an old reading of it.
    private static List<Admission> Admissions(int seed, int clock, long lateness, Func<Random, long, Admission> request)
    {
        var time = CounterRig.Start;
        var kept = new List<Admission>[Threads];
        Storm.Run(Threads, thread =>
        {
            var random = new Random(seed + thread);
            var mine = kept[thread] = [];
            for (var i = 0; i < Requests; i++)
            {
                var now = Interlocked.Add(ref time, random.Next(2 * clock));
                var admission = request(random, random.Next(20) == 0 ? now - random.NextInt64(lateness) : now);
                if (admission.Cost > 0)
                {
                    mine.Add(admission);
                }
            }
        });

        return [.. kept.SelectMany(list => list)];
    }

    private static void AssertNeverOver(List<Admission> kept, int before, long part, int seed)
    {
        var sums = new Dictionary<(CounterKey Key, long Start), ulong>();
        foreach (var admission in kept)
        {
            sums[(admission.Key, admission.Start)] = sums.GetValueOrDefault((admission.Key, admission.Start)) + admission.Cost;
        }

        Assert.True(sums.Count > 4);
        var most = 0UL;
        foreach (var (key, start) in sums.Keys)
        {
            var used = 0UL;
            for (var back = 0; back <= before; back++)
            {
                used += sums.GetValueOrDefault((key, start - (back * part)));
            }

            most = Math.Max(most, used);
        }

        Assert.True(most <= Quota, $"seed {seed}: {most} of {Quota} in one window");
        Assert.True(most > Quota / 2, $"seed {seed}: only {most} of {Quota}, so that nothing was tested");
    }

    private static void Dawdle(Random random)
    {
        switch (random.Next(64))
        {
            case 0:
                Thread.Yield();
                break;
            case < 8:
                Thread.SpinWait(random.Next(500));
                break;
            default:
                break;
        }
    }

    private readonly record struct Admission(CounterKey Key, long Start, ulong Cost);
}
