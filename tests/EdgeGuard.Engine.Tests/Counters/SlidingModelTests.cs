using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Tests.Support;

namespace EdgeGuard.Engine.Tests.Counters;

/// <summary>Sliding windows against a slow model: the log of everything that was admitted, and what is left of it.</summary>
public sealed class SlidingModelTests
{
    private const int Schedules = 300;
    private const int Steps = 150;

    [Fact]
    public void Window_RandomSchedules_IsNeverOverAndUnderByAtMostOnePart()
    {
        Seeds.Next(out var seed);
        for (var schedule = 0; schedule < Schedules; schedule++)
        {
            var game = new Game(new Random(seed + schedule), $"seed {seed} schedule {schedule}");
            game.Play();
            game.AssertNeverOver();
        }
    }

    private sealed class Game(Random random, string story)
    {
        private readonly List<Entry> _log = [];
        private readonly int _parts = random.Next(1, 65);
        private readonly long _window = random.NextInt64(1, 200) * CounterRig.Second;
        private readonly ulong _quota = (ulong)random.NextInt64(1, 1000);
        private long _part;

        public void Play()
        {
            using var rig = new CounterRig(memory: 1 << 20);
            var limit = rig.Sliding(TimeSpan.FromTicks(_window / 100), _parts);
            _part = limit.PartNanoseconds;
            Assert.True(_part * _parts >= _window);
            var now = CounterRig.Start;
            var latest = 0L;
            for (var step = 0; step < Steps; step++)
            {
                now += random.Next(10) == 0 ? random.NextInt64(_window * 2) : random.NextInt64(_window / 10);

                // A reader that was held up counts in the latest part, at whose start it may be thought to have come.
                var clock = random.Next(5) == 0 ? now - random.NextInt64(_window) : now;
                latest = Math.Max(latest, clock);
                var time = Math.Max(clock, latest - (latest % _part));
                Request(rig, limit, clock, time, step);
                GiveBack(rig, limit);
            }
        }

        public void AssertNeverOver()
        {
            for (var last = 0; last < _log.Count; last++)
            {
                var sum = 0m;
                foreach (var entry in _log)
                {
                    sum += entry.Time > _log[last].Time - _window && entry.Time <= _log[last].Time ? entry.Left : 0;
                }

                Assert.True(sum <= _quota, $"{story}: {sum} of {_quota} in one window");
            }
        }

        private void Request(CounterRig rig, WindowLimit limit, long clock, long time, int step)
        {
            var request = rig.Ask(0, (ulong)random.NextInt64(1, (long)(_quota / 3) + 2), _quota);
            SlidingWindowCounter.Check(rig.Table, limit, ref request, clock);
            var used = UsedAt(time);
            Assert.True(used == request.Deficit, $"{story} step {step}: {request.Deficit} used instead of {used}");
            var result = SlidingWindowCounter.Take(rig.Table, limit, ref request, clock);
            Assert.True((used + request.Cost <= _quota) == (result == TakeResult.Taken), $"{story} step {step}: {result}");
            if (result == TakeResult.Taken)
            {
                _log.Add(new Entry { Time = time, Left = request.Cost, Request = request });
                return;
            }

            // Refused only if a window longer by one part would have been over.
            var longer = 0m;
            foreach (var entry in _log)
            {
                longer += entry.Time > time - _window - _part - _parts ? entry.Left : 0;
            }

            Assert.True(longer + request.Cost > _quota, $"{story} step {step}: refused with {longer} in a window and a part");
            AssertWait(rig, limit, request, time, step);
        }

        // Waiting as told helps, and a second less does not.
        private void AssertWait(CounterRig rig, WindowLimit limit, Reservation request, long time, int step)
        {
            var wait = SlidingWindowCounter.WaitSeconds(rig.Table, limit, ref request, time);
            var then = time + (wait * CounterRig.Second);
            Assert.True(request.Cost > _quota || UsedAt(then) + request.Cost <= _quota, $"{story} step {step}: waiting {wait} s does not help");
            Assert.True(
                wait == 1 || request.Cost > _quota || UsedAt(then - CounterRig.Second) + request.Cost > _quota,
                $"{story} step {step}: waiting less than {wait} s helps");
        }

        private decimal UsedAt(long time)
        {
            var sum = 0m;
            foreach (var entry in _log)
            {
                sum += (entry.Time / _part) + _parts >= time / _part ? entry.Left : 0;
            }

            return sum;
        }

        private void GiveBack(CounterRig rig, WindowLimit limit)
        {
            if (_log.Count == 0 || random.Next(3) != 0)
            {
                return;
            }

            var entry = _log[random.Next(_log.Count)];
            var units = (ulong)random.NextInt64((long)entry.Left + 1);
            SlidingWindowCounter.GiveBack(rig.Table, limit, ref entry.Request, units);
            entry.Left -= units;
        }
    }

    private sealed class Entry
    {
        public Reservation Request;

        public long Time { get; init; }

        public ulong Left { get; set; }
    }
}
