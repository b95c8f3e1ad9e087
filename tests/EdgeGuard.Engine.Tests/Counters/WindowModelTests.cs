using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Counters;

/// <summary>Budgets against a slow model: a sum for each key and window.</summary>
public sealed class WindowModelTests
{
    private const int Schedules = 400;
    private const int Steps = 150;
    private const int Keys = 3;

    [Fact]
    public void Budget_RandomSchedules_AreExactlyTheModel()
    {
        var random = Seeds.Next(out var seed);
        for (var schedule = 0; schedule < Schedules; schedule++)
        {
            Play(new Random(seed + schedule), $"seed {seed} schedule {schedule}");
        }

        Assert.NotNull(random);
    }

    private static void Play(Random random, string story)
    {
        using var rig = new CounterRig();
        var length = random.Next(1, 400) * CounterRig.Second;
        var limit = rig.Window(new FixedCalendar(length));
        var quota = (ulong)random.NextInt64(1, 1_000);
        var used = new Dictionary<(int Key, long Window), decimal>();
        var taken = new List<(int Key, Reservation Request, ulong Left)>();
        var now = CounterRig.Start;
        var window = long.MinValue;
        for (var step = 0; step < Steps; step++)
        {
            now += random.NextInt64(length / 4);

            // A reader that was held up: up to two windows late.
            var clock = random.Next(5) == 0 ? now - random.NextInt64(length * 2) : now;
            window = Math.Max(window, clock - (clock % length));
            var key = random.Next(Keys);
            var request = rig.Ask(key, (ulong)random.NextInt64(1, (long)quota + 2), quota + (ulong)random.NextInt64(-(long)quota, (long)quota));
            var before = used.GetValueOrDefault((key, window));
            WindowCounter.Check(rig.Table, limit, ref request, clock);
            Assert.True(before == request.Deficit, $"{story} step {step}: {request.Deficit} used instead of {before}");
            var result = WindowCounter.Take(rig.Table, limit, ref request, clock);
            var fits = before + request.Cost <= request.Capacity;
            Assert.True(fits == (result == TakeResult.Taken), $"{story} step {step}: {result}");
            if (fits)
            {
                used[(key, window)] = before + request.Cost;
                taken.Add((key, request, request.Cost));
            }

            Settle(rig, limit, random, taken, used, (key, window), clock);
        }
    }

    private static void Settle(
        CounterRig rig,
        WindowLimit limit,
        Random random,
        List<(int Key, Reservation Request, ulong Left)> taken,
        Dictionary<(int Key, long Window), decimal> used,
        (int Key, long Window) present,
        long clock)
    {
        if (taken.Count == 0 || random.Next(2) == 0)
        {
            return;
        }

        var index = random.Next(taken.Count);
        var (key, request, left) = taken[index];
        var units = (ulong)random.NextInt64((long)left + 1);
        if (random.Next(4) == 0)
        {
            // To the window of the take, or if that is over and forgotten to the present one: nobody asks for an old one again.
            var window = (key, present.Window);
            var before = used.GetValueOrDefault(window);
            WindowCounter.Charge(rig.Table, limit, ref request, units, clock);
            var look = rig.Ask(key, 1, 1);
            WindowCounter.Check(rig.Table, limit, ref look, clock);
            Assert.True(look.Deficit == before + units || (look.Deficit == before && (long)request.Clock != present.Window));
            used[window] = look.Deficit;
            return;
        }

        WindowCounter.GiveBack(rig.Table, limit, ref request, units);
        used[(key, (long)request.Clock)] -= units;
        taken[index] = (key, request, left - units);
    }
}
