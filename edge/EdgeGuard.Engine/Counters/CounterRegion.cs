namespace EdgeGuard.Engine.Counters;

/// <summary>
/// A power of two of sets, eight cells each, with a claim lock for each set. Unsafe because cells are native memory that is laid out as a
/// file: managed arrays can be neither mapped nor larger than 2 GiB.
/// </summary>
internal sealed unsafe class CounterRegion
{
    public const int CellsPerSet = 8;
    public const int SetBytes = CellsPerSet * Cell.Size;

    /// <summary>Locks are shared by sets beyond this many: 256 KiB of them are enough for any number of threads.</summary>
    private const int MaxLocks = 1 << 16;

    private const int Locked = 1;
    private const int Overflowed = 2;

    private readonly Cell* _cells;
    private readonly ulong _setMask;
    private readonly int[] _locks;
    private readonly GenerationRegistry _generations;
    private long _occupied;

    public CounterRegion(Cell* cells, ulong sets, GenerationRegistry generations)
    {
        _generations = generations;
        _cells = cells;
        _setMask = sets - 1;
        _locks = new int[(int)Math.Min(sets, MaxLocks)];
    }

    public long Capacity => (long)(_setMask + 1) * CellsPerSet;

    /// <summary>Cells that hold a key.</summary>
    public long Occupied => Volatile.Read(ref _occupied);

    /// <summary>The cell of a key, or null. Takes no lock; what it finds may be claimed for another key at any moment.</summary>
    public Cell* Find(in CounterKey key)
    {
        var set = SetOf(key);
        var start = (uint)(key.High >> 61);
        for (var i = 0u; i < CellsPerSet; i++)
        {
            var cell = set + ((start + i) & (CellsPerSet - 1));
            if (cell->KeyLow == key.Low && cell->KeyHigh == key.High)
            {
                return cell;
            }
        }

        return null;
    }

    /// <summary>Takes the claim lock of a key's set. Held for a few dozen instructions; nobody waits for anything while holding it,
    /// except that a lock of the main region is taken before one of the overflow region, never after.</summary>
    public void Lock(in CounterKey key)
    {
        ref var word = ref LockOf(key);
        var spin = default(SpinWait);
        while (true)
        {
            var free = Volatile.Read(ref word) & ~Locked;
            if (Interlocked.CompareExchange(ref word, free | Locked, free) == free)
            {
                return;
            }

            // Never sleeps for a millisecond: the holder is done in less, or needs the processor that we give up.
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    public void Unlock(in CounterKey key)
    {
        ref var word = ref LockOf(key);
        Volatile.Write(ref word, word & ~Locked);
    }

    /// <summary>Under the set's lock: remembers that a newcomer to this set was sent to its rule's overflow counter.</summary>
    public void MarkOverflowed(in CounterKey key) => LockOf(key) |= Overflowed;

    /// <summary>
    /// Whether any newcomer to a key's set was ever sent to an overflow counter. Only then may a key that has no cell have been charged
    /// elsewhere. Kept for good: once the overflow counter is full again it makes no difference.
    /// </summary>
    public bool HasOverflowed(in CounterKey key) => (Volatile.Read(ref LockOf(key)) & Overflowed) != 0;

    /// <summary>
    /// Under the set's lock: a cell to claim, already <see cref="Cell.Busy"/>, or null when all hold live counters. A cell whose state
    /// equals that of an absent one is taken from its owner, which cannot change any verdict.
    /// </summary>
    /// <param name="key">The newcomer.</param>
    /// <param name="meta">The newcomer's metadata, of which the generation tells its rule.</param>
    /// <param name="nanoseconds">Now.</param>
    /// <param name="previous">The word that was in the cell.</param>
    public Cell* TryClaim(in CounterKey key, ulong meta, long nanoseconds, out ulong previous)
    {
        var set = SetOf(key);
        var start = (uint)(key.High >> 61);
        for (var i = 0u; i < CellsPerSet; i++)
        {
            var cell = set + ((start + i) & (CellsPerSet - 1));
            if (cell->KeyLow == 0 && cell->KeyHigh == 0)
            {
                previous = cell->Word;
                Volatile.Write(ref cell->Word, Cell.Busy);
                return cell;
            }
        }

        for (var i = 0u; i < CellsPerSet; i++)
        {
            var cell = set + ((start + i) & (CellsPerSet - 1));
            previous = Volatile.Read(ref cell->Word);
            if (CellState.EqualsAbsent(previous, cell->Meta, _generations, nanoseconds)
                && Interlocked.CompareExchange(ref cell->Word, Cell.Busy, previous) == previous)
            {
                return cell;
            }
        }

        previous = 0;
        return null;
    }

    /// <summary>Gives a claimed cell its key and state, in the order that lock-free readers rely on.</summary>
    public void Publish(Cell* cell, in CounterKey key, ulong meta, ulong word)
    {
        if (cell->KeyLow == 0 && cell->KeyHigh == 0)
        {
            Interlocked.Increment(ref _occupied);
        }

        cell->KeyLow = key.Low;
        cell->KeyHigh = key.High;
        cell->Meta = meta;
        Volatile.Write(ref cell->Word, word);
    }

    /// <summary>Forgets all counters. Only while nobody else uses the table.</summary>
    public void Clear()
    {
        for (var set = 0UL; set <= _setMask; set++)
        {
            new Span<Cell>(_cells + (set * CellsPerSet), CellsPerSet).Clear();
        }

        _locks.AsSpan().Clear();
        Volatile.Write(ref _occupied, 0);
    }

    private Cell* SetOf(in CounterKey key) => _cells + ((key.Low & _setMask) * CellsPerSet);

    private ref int LockOf(in CounterKey key) => ref _locks[(int)(key.Low & _setMask & (ulong)(_locks.Length - 1))];
}
