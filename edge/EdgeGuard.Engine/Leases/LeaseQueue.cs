namespace EdgeGuard.Engine.Leases;

/// <summary>
/// A bounded queue of wants without locks and without allocation: a slot's turn tells whose it is (Vyukov, "Bounded MPMC queue"). Whoever finds it full
/// leaves it at that; the next request of the key asks again.
/// </summary>
internal sealed class LeaseQueue
{
    private const int Size = 1024;

    private readonly Slot[] _slots = new Slot[Size];
    private long _head;
    private long _tail;

    public LeaseQueue()
    {
        for (var i = 0; i < Size; i++)
        {
            _slots[i].Turn = i;
        }
    }

    public bool TryAdd(in LeaseWant want)
    {
        var position = Volatile.Read(ref _tail);
        while (true)
        {
            ref var slot = ref _slots[position & (Size - 1)];
            var ahead = Volatile.Read(ref slot.Turn) - position;
            if (ahead < 0)
            {
                return false;
            }

            var seen = ahead == 0 ? Interlocked.CompareExchange(ref _tail, position + 1, position) : Volatile.Read(ref _tail);
            if (ahead == 0 && seen == position)
            {
                slot.Want = want;
                Volatile.Write(ref slot.Turn, position + 1);
                return true;
            }

            position = seen;
        }
    }

    public bool TryTake(out LeaseWant want)
    {
        var position = Volatile.Read(ref _head);
        while (true)
        {
            ref var slot = ref _slots[position & (Size - 1)];
            var ahead = Volatile.Read(ref slot.Turn) - (position + 1);
            if (ahead < 0)
            {
                want = default;
                return false;
            }

            var seen = ahead == 0 ? Interlocked.CompareExchange(ref _head, position + 1, position) : Volatile.Read(ref _head);
            if (ahead == 0 && seen == position)
            {
                want = slot.Want;
                Volatile.Write(ref slot.Turn, position + Size);
                return true;
            }

            position = seen;
        }
    }

    private struct Slot
    {
        public long Turn;
        public LeaseWant Want;
    }
}
