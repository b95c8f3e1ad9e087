namespace EdgeGuard.Engine.Counters;

/// <summary>Where a region lies in a table. Unsafe because it is pointers into mapped memory.</summary>
internal readonly unsafe struct RegionParts(Cell* cells, ulong sets, int* locks, int lockCount, long* occupied, long* present)
{
    /// <summary>First cell.</summary>
    public Cell* Cells { get; } = cells;

    /// <summary>Sets, a power of two.</summary>
    public ulong Sets { get; } = sets;

    /// <summary>First lock word.</summary>
    public int* Locks { get; } = locks;

    /// <summary>Lock words, a power of two.</summary>
    public int LockCount { get; } = lockCount;

    /// <summary>Cells that hold a key.</summary>
    public long* Occupied { get; } = occupied;

    /// <summary>A time that has passed for certain (<see cref="TableHeader.Present"/>).</summary>
    public long* Present { get; } = present;
}
