using System.Runtime.CompilerServices;

namespace EdgeGuard.Engine.Counters;

/// <summary>
/// A power of two of sets, eight cells each, with a claim lock for each set. Unsafe because cells are native memory that is laid out as a
/// file: managed arrays can be neither mapped nor larger than 2 GiB.
/// </summary>
internal sealed unsafe class CounterRegion
{
    public const int CellsPerSet = 8;
    public const int SetBytes = CellsPerSet * Cell.Size;

    /// <summary>The last cells of a set, which go only to limits that have none in it: one that counts many keys leaves room to all others.</summary>
    public const int ReservedCells = 2;

    /// <summary>Sets that a newcomer to a full share looks through for cells that may be forgotten; 8 KiB in a row, some 2 microseconds.</summary>
    private const int SweptSets = 32;

    private const int Locked = 1;

    /// <summary>In a lock word: newcomers to the set were sent to overflow counters, one bit for every fourteenth limit.</summary>
    public const int Overflowed = ((1 << OverflowedBits) - 1) << OverflowedShift;

    private const int OverflowedBits = 14;
    private const int OverflowedShift = 2;

    /// <summary>Where in a lock word the run of its holder is.</summary>
    private const int RunShift = 16;

    private readonly Cell* _cells;
    private readonly ulong _setMask;
    private readonly ulong _lockMask;
    private readonly int* _locks;
    private readonly int _locked;
    private readonly long* _occupied;
    private readonly long* _present;
    private readonly GenerationRegistry _generations;
    private readonly bool _shared;
    private long _hand;
    private long _fullSets;
    private long _fullShares;
    private long _overflows;
    private long _forgotten;

    /// <summary>A region of a table.</summary>
    /// <param name="parts">Where it lies.</param>
    /// <param name="generations">Whose its cells are.</param>
    /// <param name="run">The run number of this process.</param>
    /// <param name="shared">Whether limits have shares of it.</param>
    public CounterRegion(in RegionParts parts, GenerationRegistry generations, int run, bool shared)
    {
        _cells = parts.Cells;
        _setMask = parts.Sets - 1;
        _locks = parts.Locks;
        _lockMask = (ulong)parts.LockCount - 1;
        _occupied = parts.Occupied;
        _present = parts.Present;
        _generations = generations;
        _locked = Locked | (run << RunShift);
        _shared = shared;
    }

    public long Capacity => (long)(_setMask + 1) * CellsPerSet;

    /// <summary>Cells that hold a key.</summary>
    public long Occupied => Volatile.Read(ref *_occupied);

    /// <summary>Newcomers that found their set full of live cells.</summary>
    public long FullSets => Volatile.Read(ref _fullSets);

    /// <summary>Newcomers whose limit's share was full of live cells.</summary>
    public long FullShares => Volatile.Read(ref _fullShares);

    /// <summary>How often a newcomer was sent to its limit's overflow counter.</summary>
    public long Overflows => Volatile.Read(ref _overflows);

    /// <summary>Cells taken from owners for whom that made no difference.</summary>
    public long Forgotten => Volatile.Read(ref _forgotten);

    /// <summary>The cell of a key, or null. Takes no lock; what it finds may be claimed for another key at any moment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Cell* Find(CounterKey key) => CellSet.Find(SetOf(key), key);

    /// <summary>Asks for the cell of a key, without waiting for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(in CounterKey key) => CellSet.Prefetch(SetOf(key), in key);

    /// <summary>Takes the claim lock of a key's set. Held for a few dozen instructions; nobody waits for anything while holding it,
    /// except that a lock of the main region is taken before one of the overflow region, never after.</summary>
    public void Lock(in CounterKey key)
    {
        ref var word = ref LockOf(key.Low);
        var spin = default(SpinWait);
        while (true)
        {
            var free = Volatile.Read(ref word) & Overflowed;
            if (Interlocked.CompareExchange(ref word, free | _locked, free) == free)
            {
                return;
            }

            // Never sleeps for a millisecond: the holder is done in less, or needs the processor that we give up.
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    public void Unlock(in CounterKey key) => Unlock(ref LockOf(key.Low));

    /// <summary>Under the set's lock: remembers that a newcomer to this set was sent to its limit's overflow counter.</summary>
    public void MarkOverflowed(in CounterKey key, ulong meta)
    {
        Interlocked.Increment(ref _overflows);
        LockOf(key.Low) |= MarkOf(meta);
    }

    /// <summary>
    /// Whether a newcomer to a key's set was ever sent to its limit's overflow counter. Only then may a key that has no cell have been charged
    /// elsewhere. One limit in fourteen is taken for another, which can only refuse. Kept until a start finds all overflow counters full:
    /// before that it makes a difference, after it none.
    /// </summary>
    public bool HasOverflowed(in CounterKey key, ulong meta) => HasOverflowed(in key, MarkOf(meta));

    /// <summary>As the other, by a limit's <see cref="MarkOf(ulong)"/>.</summary>
    public bool HasOverflowed(in CounterKey key, int mark) => (Volatile.Read(ref LockOf(key.Low)) & mark) != 0;

    /// <summary>As the other, for limits of which several share their counters and their overflow counter: plans of one rule.</summary>
    public void MarkOverflowed(in CounterKey key, in CounterKey overflow)
    {
        Interlocked.Increment(ref _overflows);
        LockOf(key.Low) |= MarkOf(in overflow);
    }

    public bool HasOverflowed(in CounterKey key, in CounterKey overflow) => (Volatile.Read(ref LockOf(key.Low)) & MarkOf(in overflow)) != 0;

    /// <summary>As above, of any limit.</summary>
    public bool HasOverflowed(in CounterKey key) => (Volatile.Read(ref LockOf(key.Low)) & Overflowed) != 0;

    /// <summary>
    /// Under the set's lock: a cell to claim, already <see cref="Cell.Busy"/>, or null when all hold live counters or the limit's share is
    /// full of them. A cell whose state equals that of an absent one is taken from its owner, which cannot change any verdict.
    /// </summary>
    /// <param name="key">The newcomer.</param>
    /// <param name="meta">The newcomer's metadata, of which the generation tells its limit.</param>
    /// <param name="nanoseconds">Now.</param>
    /// <param name="previous">The word that was in the cell.</param>
    public Cell* TryClaim(in CounterKey key, ulong meta, long nanoseconds, out ulong previous)
    {
        previous = 0;
        var owner = _generations.OwnerOf(CellMeta.GenerationOf(meta));
        if (owner == 0)
        {
            return null;
        }

        // Again when somebody has used the chosen cell meanwhile: it is alive after all.
        for (var attempt = 0; attempt < CellsPerSet; attempt++)
        {
            var found = Choose(SetOf(key), CellSet.Start(key), owner, nanoseconds, out var mine, out var free);
            if (found == null || (_shared && free <= ReservedCells && mine > 0))
            {
                break;
            }

            if (_shared && OwnerOf(found) != owner && !HasRoom(owner) && !(Sweep(nanoseconds) && HasRoom(owner)))
            {
                Interlocked.Increment(ref _fullShares);
                return null;
            }

            if (found->KeyLow == 0 && found->KeyHigh == 0)
            {
                previous = found->Word;
                Volatile.Write(ref found->Word, Cell.Busy);
                return found;
            }

            if (TryForget(found, nanoseconds, out previous))
            {
                return found;
            }
        }

        Interlocked.Increment(ref _fullSets);
        return null;
    }

    /// <summary>Gives a claimed cell its key and state, in the order that lock-free readers rely on.</summary>
    public void Publish(Cell* cell, in CounterKey key, ulong meta, ulong word)
    {
        var before = cell->Meta;
        var held = cell->KeyLow != 0 || cell->KeyHigh != 0;
        _generations.CountCell(CellMeta.GenerationOf(meta), _shared);
        if (!held)
        {
            Interlocked.Increment(ref *_occupied);
        }

        cell->KeyLow = key.Low;
        cell->KeyHigh = key.High;
        cell->Meta = meta;
        Volatile.Write(ref cell->Word, word);
        if (held)
        {
            _generations.DiscountCell(CellMeta.GenerationOf(before), _shared);
        }
    }

    /// <summary>Under the set's lock: gives a busy cell of the same key other metadata.</summary>
    public void ChangeMeta(Cell* cell, ulong meta)
    {
        var before = CellMeta.GenerationOf(cell->Meta);
        var after = CellMeta.GenerationOf(meta);
        if (before == after)
        {
            cell->Meta = meta;
            return;
        }

        _generations.CountCell(after, _shared);
        cell->Meta = meta;
        _generations.DiscountCell(before, _shared);
    }

    /// <summary>Forgets all counters. Only while nobody else uses the table.</summary>
    public void Clear()
    {
        for (var set = 0UL; set <= _setMask; set++)
        {
            for (var i = 0; i < CellsPerSet; i++)
            {
                var cell = _cells + (set * CellsPerSet) + i;
                if (cell->KeyLow != 0 || cell->KeyHigh != 0)
                {
                    _generations.DiscountCell(CellMeta.GenerationOf(cell->Meta), _shared);
                }

                *cell = default;
            }
        }

        new Span<int>(_locks, (int)_lockMask + 1).Clear();
        Volatile.Write(ref *_occupied, 0);
        _fullSets = 0;
        _fullShares = 0;
        _overflows = 0;
    }

    /// <summary>The index of a lock that a killed process holds, from a first one on; -1 when there is none.</summary>
    public int NextLockOf(int run, int from)
    {
        for (var i = from; i <= (int)_lockMask; i++)
        {
            if (Volatile.Read(ref _locks[i]) >> RunShift == run)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Clears what a killed process was claiming under a lock, and takes the lock off.</summary>
    public void Release(int index)
    {
        for (var set = (ulong)index; set <= _setMask; set += _lockMask + 1)
        {
            for (var cell = _cells + (set * CellsPerSet); cell < _cells + ((set + 1) * CellsPerSet); cell++)
            {
                if (Volatile.Read(ref cell->Word) == Cell.Busy)
                {
                    cell->Meta = 0;
                    cell->KeyLow = 0;
                    cell->KeyHigh = 0;
                    Volatile.Write(ref cell->Word, 0);
                }
            }
        }

        Unlock(ref _locks[index]);
    }

    private static void Unlock(ref int word) => Volatile.Write(ref word, word & Overflowed);

    // A free cell before one that may be forgotten. Counts the newcomer's own live cells in the set, and the cells that it may have.
    private Cell* Choose(Cell* set, uint start, int owner, long nanoseconds, out int mine, out int free)
    {
        Cell* empty = null;
        Cell* idle = null;
        mine = 0;
        free = 0;
        for (var i = 0u; i < CellsPerSet; i++)
        {
            var cell = set + ((start + i) & (CellsPerSet - 1));
            if (cell->KeyLow == 0 && cell->KeyHigh == 0)
            {
                empty = empty == null ? cell : empty;
                free++;
            }
            else if (CellState.EqualsAbsent(Volatile.Read(ref cell->Word), cell->Meta, _generations, nanoseconds))
            {
                idle = idle == null || OwnerOf(cell) == owner ? cell : idle;
                free++;
            }
            else
            {
                mine += OwnerOf(cell) == owner ? 1 : 0;
            }
        }

        // An idle cell of its own first: the share does not grow.
        return idle != null && (empty == null || OwnerOf(idle) == owner) ? idle : empty;
    }

    // A limit may hold as many cells as are free: alone half of the table, one of n greedy ones an (n + 1)th, and there is always as much
    // again for whoever comes next (the dynamic thresholds of Choudhury and Hahne 1998, with a factor of one).
    private bool HasRoom(int owner) => _generations.CellsOf(owner) < Capacity - Occupied;

    // Empties idle cells of the next few sets. Never waits for a lock: the caller holds one.
    private bool Sweep(long nanoseconds)
    {
        var emptied = false;
        var first = (ulong)Interlocked.Add(ref _hand, SweptSets);
        for (var i = 0UL; i < SweptSets; i++)
        {
            var index = (first + i) & _setMask;
            ref var word = ref LockOf(index);
            var free = Volatile.Read(ref word) & Overflowed;
            if (Interlocked.CompareExchange(ref word, free | _locked, free) != free)
            {
                continue;
            }

            var set = _cells + (index * CellsPerSet);
            for (var cell = set; cell < set + CellsPerSet; cell++)
            {
                if ((cell->KeyLow != 0 || cell->KeyHigh != 0) && TryForget(cell, nanoseconds, out var previous))
                {
                    Empty(cell, previous);
                    emptied = true;
                }
            }

            Unlock(ref word);
        }

        return emptied;
    }

    // Under the set's lock: marks a cell busy if its state equals that of an absent one.
    private bool TryForget(Cell* cell, long nanoseconds, out ulong previous)
    {
        previous = Volatile.Read(ref cell->Word);
        if (!CellState.EqualsAbsent(previous, cell->Meta, _generations, nanoseconds))
        {
            return false;
        }

        if (CellMeta.KindOf(cell->Meta) is not (CellKind.TokenBucket or CellKind.Concurrency))
        {
            // Before the cell changes hands, so that whoever misses it finds the time raised.
            CounterTable.Raise(ref *_present, nanoseconds);
        }

        if (Interlocked.CompareExchange(ref cell->Word, Cell.Busy, previous) == previous)
        {
            Interlocked.Increment(ref _forgotten);
            return true;
        }

        return false;
    }

    private void Empty(Cell* cell, ulong previous)
    {
        var generation = CellMeta.GenerationOf(cell->Meta);
        cell->Meta = 0;
        cell->KeyLow = 0;
        cell->KeyHigh = 0;
        Interlocked.Decrement(ref *_occupied);

        // Another word than before, so that whoever has read that one cannot swap it.
        Volatile.Write(ref cell->Word, previous + 1 == Cell.Busy ? 0 : previous + 1);
        _generations.DiscountCell(generation, _shared);
    }

    private static int MarkOf(in CounterKey overflow) => 1 << (OverflowedShift + (int)(overflow.Low % OverflowedBits));

    private int OwnerOf(Cell* cell) => cell->Meta == 0 ? 0 : _generations.OwnerOf(CellMeta.GenerationOf(cell->Meta));

    /// <summary>The bit of a limit in a lock word, by its metadata.</summary>
    public int MarkOf(ulong meta) => 1 << (OverflowedShift + (_generations.OwnerOf(CellMeta.GenerationOf(meta)) % OverflowedBits));

    private Cell* SetOf(in CounterKey key) => _cells + ((key.Low & _setMask) * CellsPerSet);

    private ref int LockOf(ulong set) => ref _locks[(int)(set & _lockMask)];
}
