namespace EdgeGuard.Engine.Counters;

/// <summary>
/// The limits that own cells, and the numbers that their cells were ever written in, each under a small index that the cells carry. An
/// unchanged limit keeps its generation over any number of reloads and restarts; changed numbers begin a new one, linked to the one before, so
/// that a cell nobody touched meanwhile can be read through all of them. Bounded: an entry is used again once no cell and nobody alive
/// carries it; beyond that a limit gets <see cref="Unknown"/> and is refused.
/// </summary>
/// <remarks>Unsafe because the entries lie in the table's file, where another process sees them.</remarks>
internal sealed unsafe partial class GenerationRegistry
{
    /// <summary>The index of numbers for which there was no room: their limit has no cell, and so answers that counters are full.</summary>
    public const int Unknown = 0;

    private readonly OwnerSlot* _owners;
    private readonly GenerationSlot* _generations;
    private readonly TableHeader* _header;
    private readonly Lock _gate = new();
    private readonly GenerationPins _pins = new();
    private readonly Dictionary<ulong, int> _ownerOf = [];
    private readonly int _capacity;
    private readonly int _run;
    private int _nextOwner = 1;
    private int _nextGeneration = 1;
    private int _version = -1;
    private long _refusals;

    public GenerationRegistry(byte* table, in TableLayout layout, int run)
    {
        _header = (TableHeader*)table;
        _owners = (OwnerSlot*)(table + layout.OwnersOffset);
        _generations = (GenerationSlot*)(table + layout.GenerationsOffset);
        _capacity = (int)layout.Generations;
        _run = run;
    }

    /// <summary>Room for numbers.</summary>
    public int Capacity => _capacity - 1;

    /// <summary>How often a limit found no room.</summary>
    public long Refusals => Volatile.Read(ref _refusals);

    /// <summary>Whether entries may be used again: not while another process uses the table too, nor when its death left the counts of
    /// cells in doubt.</summary>
    public bool MayPrune { get; set; } = true;

    /// <summary>The index of a limit's present numbers, given out on first sight.</summary>
    /// <param name="owner">Who the limit is: a hash of everything that makes its counters its own, and of nothing tunable. Never 0.</param>
    /// <param name="kind">What its cells hold.</param>
    /// <param name="scale">Its numbers; <c>default</c> for kinds whose cells can be read without any.</param>
    /// <param name="holder">Who uses the index: as long as that object lives the entry stays. Null for ever.</param>
    /// <param name="family">For a plan of a rule that owner who it is without the plan; otherwise 0.</param>
    public int IndexOf(ulong owner, CellKind kind, in BucketScale scale, object? holder = null, ulong family = 0)
    {
        lock (_gate)
        {
            Enter();
            try
            {
                var index = FindOrAdd(owner, kind, in scale, family);
                _pins.Add(holder, index);
                return index;
            }
            finally
            {
                Volatile.Write(ref _header->RegistryLock, 0);
            }
        }
    }

    /// <summary>Notes when the first decision by some numbers was taken.</summary>
    public void Activate(int index, long nanoseconds)
    {
        if (index > Unknown && index < _capacity)
        {
            Interlocked.CompareExchange(ref _generations[index].ActivatedAt, nanoseconds, 0);
        }
    }

    /// <summary>The numbers under an index; false for one that is not known.</summary>
    public bool TryGet(int index, out BucketScale scale)
    {
        if (index <= Unknown || index >= _capacity || Volatile.Read(ref _generations[index].Owner) == 0)
        {
            scale = default;
            return false;
        }

        scale = ScaleOf(_generations + index);
        return true;
    }

    /// <summary>Whether cells of a kind may carry an index.</summary>
    public bool IsKnown(int index, CellKind kind) =>
        index > Unknown && index < _capacity && _generations[index].Owner != 0 && _generations[index].Kind == (int)kind;

    /// <summary>The generation after an index that was ever in force, when, and in which numbers; false when there is none.</summary>
    public bool TryGetNext(ref int index, out BucketScale scale, out long activatedAt)
    {
        for (var steps = 0; steps < _capacity; steps++)
        {
            index = Volatile.Read(ref _generations[index].Next);
            if (index <= Unknown || index >= _capacity)
            {
                break;
            }

            activatedAt = Volatile.Read(ref _generations[index].ActivatedAt);
            if (activatedAt != 0)
            {
                scale = ScaleOf(_generations + index);
                return true;
            }
        }

        scale = default;
        activatedAt = 0;
        return false;
    }

    /// <summary>The owner of cells that carry an index; 0 for nobody.</summary>
    public int OwnerOf(int index) => index > Unknown && index < _capacity ? _generations[index].Owner : 0;

    /// <summary>Cells that an owner holds.</summary>
    public int CellsOf(int owner) => Volatile.Read(ref _owners[owner].Cells);

    /// <summary>A cell carries another generation from now on. Called with the old index still counted, before the cell is written.</summary>
    /// <param name="index">The new one; 0 for none.</param>
    /// <param name="owned">Whether the cell counts against the owner's share.</param>
    public void CountCell(int index, bool owned)
    {
        if (index > Unknown && index < _capacity)
        {
            Interlocked.Increment(ref _generations[index].Cells);
            if (owned)
            {
                Interlocked.Increment(ref _owners[_generations[index].Owner].Cells);
            }
        }
    }

    /// <summary>A cell does not carry a generation any more. Called after the cell was written.</summary>
    public void DiscountCell(int index, bool owned)
    {
        if (index > Unknown && index < _capacity)
        {
            if (owned)
            {
                Interlocked.Decrement(ref _owners[_generations[index].Owner].Cells);
            }

            Interlocked.Decrement(ref _generations[index].Cells);
        }
    }

    /// <summary>
    /// Puts in order what a killed process left of an addition, and forgets how many cells there are. Only while nobody else uses the table.
    /// False when the entries contradict each other, which only damage to the file does.
    /// </summary>
    public bool TryRecover()
    {
        Volatile.Write(ref _header->RegistryLock, 0);
        for (var i = 1; i < _capacity; i++)
        {
            _generations[i].Cells = 0;
            _owners[i].Cells = 0;
        }

        return GenerationRecovery.Run(_owners, _generations, _capacity);
    }

    /// <summary>Drops everything that no cell carries. Only before anybody was given an index, and after the cells were counted.</summary>
    public void DropUnused() => GenerationRecovery.Prune(_owners, _generations, _capacity, null);

    /// <summary>Copies an entry of another table with its owner; entries of one owner oldest first. Its index here.</summary>
    public int Adopt(GenerationRegistry other, int index)
    {
        var slot = other._generations + index;
        ref var owner = ref other._owners[slot->Owner];
        var adopted = IndexOf(owner.Id, (CellKind)slot->Kind, ScaleOf(slot), this, owner.Family);
        if (adopted != Unknown)
        {
            _generations[adopted].ActivatedAt = slot->ActivatedAt;
        }

        return adopted;
    }

    /// <summary>The generation after an index, ever in force or not; 0 for none.</summary>
    public int NextOf(int index) => _generations[index].Next;

    /// <summary>The generation before an index; 0 for none.</summary>
    public int PreviousOf(int index) => index > Unknown && index < _capacity ? _generations[index].Previous : Unknown;

    /// <summary>After another process that used the table has died: takes its lock off and ends what it left of an addition.</summary>
    public void Release(int run)
    {
        lock (_gate)
        {
            if (Volatile.Read(ref _header->RegistryLock) == run)
            {
                _ = GenerationRecovery.Run(_owners, _generations, _capacity);
                Volatile.Write(ref _header->RegistryLock, 0);
            }
        }
    }

    private void Enter()
    {
        var spin = default(SpinWait);
        while (Interlocked.CompareExchange(ref _header->RegistryLock, _run, 0) != 0)
        {
            spin.SpinOnce();
        }

        if (_version != _header->RegistryVersion)
        {
            IndexOwners();
        }
    }

    private void IndexOwners()
    {
        _ownerOf.Clear();
        for (var i = 1; i < _capacity; i++)
        {
            if (_owners[i].Id != 0)
            {
                _ownerOf[_owners[i].Id] = i;
            }
        }

        _version = _header->RegistryVersion;
    }

    private int FindOrAdd(ulong id, CellKind kind, in BucketScale scale, ulong family)
    {
        if (_ownerOf.TryGetValue(id, out var owner))
        {
            var current = _owners[owner].Current;
            _owners[owner].Family = family;
            if (_generations[current].Kind == (int)kind && ScaleOf(_generations + current) == scale)
            {
                return current;
            }
        }

        var index = FreeGeneration();
        if (owner == 0 && index != Unknown)
        {
            owner = FreeOwner();
        }

        if (index == Unknown || owner == 0)
        {
            Interlocked.Increment(ref _refusals);
            return Unknown;
        }

        Add(owner, id, index, kind, in scale, family);
        return index;
    }

    // In an order that Recover can finish at any point: the entry is whole before it has an owner, and linked backwards before forwards.
    private void Add(int owner, ulong id, int index, CellKind kind, in BucketScale scale, ulong family)
    {
        var slot = _generations + index;
        var holder = _owners + owner;
        var isNew = holder->Id == 0;
        *slot = default;
        slot->Kind = (int)kind;
        slot->Previous = isNew ? 0 : holder->Current;
        slot->TimeShift = scale.TimeShift;
        slot->UnitsPerNanosecond = scale.UnitsPerNanosecond;
        slot->UnitsPerToken = scale.UnitsPerToken;
        slot->Burst = scale.Burst;
        slot->Debt = scale.Debt;
        slot->SpareBits = scale.SpareBits;
        Volatile.Write(ref slot->Owner, owner);
        if (isNew)
        {
            holder->Cells = 0;
            holder->Family = family;
            holder->Oldest = index;
            holder->Current = index;
            Volatile.Write(ref holder->Id, id);
            _ownerOf[id] = owner;
        }
        else
        {
            var before = holder->Current;
            Volatile.Write(ref holder->Current, index);
            Volatile.Write(ref _generations[before].Next, index);
        }

        _version = ++_header->RegistryVersion;
    }

    private int FreeGeneration()
    {
        for (var round = 0; round < 2; round++)
        {
            for (var i = 1; i < _capacity; i++)
            {
                var index = _nextGeneration;
                _nextGeneration = index + 1 == _capacity ? 1 : index + 1;
                if (_generations[index].Owner == 0)
                {
                    return index;
                }
            }

            if (!MayPrune || !Prune())
            {
                break;
            }
        }

        return Unknown;
    }

    private int FreeOwner()
    {
        for (var i = 1; i < _capacity; i++)
        {
            var owner = _nextOwner;
            _nextOwner = owner + 1 == _capacity ? 1 : owner + 1;
            if (_owners[owner].Id == 0)
            {
                return owner;
            }
        }

        return 0;
    }

    // From the oldest generation of an owner on, as long as neither a cell nor anybody alive carries it: cells of an older one are read
    // through all later ones, so one in the middle stays.
    private bool Prune()
    {
        var pinned = _pins.Alive(_capacity);
        var freed = GenerationRecovery.Prune(_owners, _generations, _capacity, pinned);
        if (freed)
        {
            _header->RegistryVersion++;
            IndexOwners();
        }

        return freed;
    }

    private static BucketScale ScaleOf(GenerationSlot* slot) =>
        BucketScale.Restore(slot->UnitsPerNanosecond, slot->UnitsPerToken, slot->Burst, slot->TimeShift, slot->Debt, slot->SpareBits);
}
