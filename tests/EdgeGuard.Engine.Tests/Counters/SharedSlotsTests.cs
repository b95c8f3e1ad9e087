using System.Runtime.InteropServices;
using EdgeGuard.Engine.Counters;
using EdgeGuard.Engine.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Engine.Tests.Counters;

/// <summary>
/// Requests in flight of two processes that share a table: they count together against the limit, and when one of them dies, what it held comes
/// back, and never anything of what the other holds. A process is a table here: it knows of the other what lies in the memory, and nothing else.
/// </summary>
public sealed class SharedSlotsTests : IDisposable
{
    private const long Now = CounterRig.Start;
    private static readonly CounterTableOptions Options = new(CounterTable.MinMemoryBytes, new UInt128(5, 6));

    private readonly long _bytes = CounterTable.BytesFor(Options);
    private readonly nint _allocated;
    private readonly nint _memory;

    public SharedSlotsTests()
    {
        // On a page, as a mapping is.
        _allocated = Marshal.AllocHGlobal((nint)_bytes + 4096);
        _memory = (_allocated + 4095) & ~(nint)4095;
        Marshal.Copy(new byte[_bytes], 0, _memory, (int)_bytes);
    }

    public void Dispose() => Marshal.FreeHGlobal(_allocated);

    [Fact]
    public void RandomTakesReleasesAndDeaths_CountWhatTheLivingHold()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        Sharer[] both = [new(CounterTable.Format(_memory, _bytes, Options)), Share()];
        for (var step = 0; step < 20_000; step++)
        {
            var who = random.Next(2);
            var key = random.Next(4);
            switch (random.Next(200))
            {
                case 0:
                    var other = both[1 - who];
                    other.Table.EndSharing();
                    both[who] = Share();
                    break;
                case < 120:
                    var limit = 1 + key;
                    var free = both[0].Held(key) + both[1].Held(key) < limit;
                    Assert.True(both[who].TryTake(key, limit) == free, $"seed {seed}, step {step}: key {key} of {limit}");
                    break;
                default:
                    both[who].Release(key);
                    break;
            }
        }
    }

    [Fact]
    public void Death_OfOneThatNewcomersWereChargedWith_GivesTheOverflowCounterBack()
    {
        var living = new Sharer(CounterTable.Format(_memory, _bytes, Options));
        var dead = Share();
        var limit = living.Limit();
        var key = new CounterKey(77, 1);
        for (var sharer = 0; sharer < 2; sharer++)
        {
            // As the engine does when a set is full.
            var table = sharer == 0 ? living.Table : dead.Table;
            var name = UsageName.Of(limit.OverflowKey, limit.OverflowKey, shadow: false, limit.Meta, table.SlotShift);
            var reservation = new Reservation { Key = limit.OverflowKey, Cost = 1, Capacity = 2 };
            UsageCounter.Check(table, in name, ref reservation);
            Assert.Equal(TakeResult.Taken, UsageCounter.TakeSlow(table, in name, 0, ref reservation, Now));
        }

        living.Table.EndSharing();
        var one = UsageName.Of(limit.OverflowKey, limit.OverflowKey, shadow: false, limit.Meta, living.Table.SlotShift);
        Assert.Equal(1UL, UsageCounter.Read(living.Table, in one));
        Assert.False(living.Table.Main.HasOverflowed(in key, limit.Meta));
    }

    [Fact]
    public async Task Deaths_WhileTheOtherDecides_NeverLetMoreInThanTheLimit()
    {
        const int Slots = 3;
        const int Rounds = 300;
        var living = CounterTable.Format(_memory, _bytes, Options);
        var inFlight = 0;
        var over = 0;
        var admitted = 0L;
        using var stop = new CancellationTokenSource();
        var threads = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            var sharer = new Sharer(living);
            while (!stop.IsCancellationRequested)
            {
                if (sharer.TryTake(0, Slots))
                {
                    over += Interlocked.Increment(ref inFlight) > Slots ? 1 : 0;
                    admitted++;
                    Interlocked.Decrement(ref inFlight);
                    sharer.Release(0);
                }
            }
        }));
        var all = Task.WhenAll(threads);

        // All rounds together take less time than a busy machine may take to start a thread.
        await Eventually.TrueAsync(() => Volatile.Read(ref admitted) > 0, what: "the threads that decide");
        for (var round = 0; round < Rounds; round++)
        {
            var dying = Share();
            var taken = 0;
            while (taken < 2)
            {
                taken += dying.TryTake(0, Slots) ? 1 : 0;
            }

            living.EndSharing();
        }

        await stop.CancelAsync();
        await all;
        Assert.Equal(0, over);
        Assert.True(admitted > 0);
        var last = new Sharer(living);
        Assert.Equal([true, true, true, false], Enumerable.Range(0, Slots + 1).Select(_ => last.TryTake(0, Slots)));
    }

    private Sharer Share()
    {
        Assert.Equal(TableCondition.Whole, CounterTable.Share(_memory, _bytes, null, out var table));
        return new Sharer(table!);
    }

    /// <summary>A process and what it has in flight.</summary>
    private sealed class Sharer(CounterTable table)
    {
        private readonly List<(int Key, Reservation Taken)> _held = [];

        public CounterTable Table => table;

        public int Held(int key) => _held.Count(held => held.Key == key);

        public ConcurrencyLimit Limit() => new()
        {
            Meta = CellMeta.PackExpiring(CellKind.Concurrency, table.Generations.IndexOf(9, CellKind.Concurrency, default)),
            OverflowKey = new CounterKey(901, 7),
        };

        public bool TryTake(int key, int capacity)
        {
            var limit = Limit();
            var reservation = new Reservation { Key = new CounterKey((ulong)key + 1, 5), Cost = 1, Capacity = (ulong)capacity };
            ConcurrencyCounter.Check(table, limit, ref reservation);
            if (reservation.Deficit + reservation.Cost > reservation.Capacity
                || ConcurrencyCounter.Take(table, limit, ref reservation, Now) != TakeResult.Taken)
            {
                return false;
            }

            _held.Add((key, reservation));
            return true;
        }

        public void Release(int key)
        {
            var index = _held.FindIndex(held => held.Key == key);
            if (index >= 0)
            {
                var taken = _held[index].Taken;
                ConcurrencyCounter.Release(table, Limit(), ref taken);
                _held.RemoveAt(index);
            }
        }
    }
}
