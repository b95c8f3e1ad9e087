using System.Numerics;

namespace EdgeGuard.Engine.Counters;

/// <summary>
/// Where everything lies in a counter table, in memory and in a file alike: the header's page, the sets' lock words, who owns cells, the
/// numbers that cells are written in, the cells of the sets, and the cells of the overflow sets.
/// </summary>
/// <param name="Sets">Sets of the main region, a power of two.</param>
/// <param name="OverflowSets">Sets of the overflow region, a power of two.</param>
/// <param name="Generations">Room for numbers, and for their owners.</param>
internal readonly record struct TableLayout(ulong Sets, ulong OverflowSets, uint Generations)
{
    private const long PageBytes = 4096;

    /// <summary>One overflow set for so many sets.</summary>
    private const ulong SetsPerOverflowSet = 64;

    /// <summary>One entry for so many cells: 65 536 with the 64 MiB that are the default.</summary>
    private const ulong CellsPerGeneration = 32;

    /// <summary>Enough for the limits of a large bundle and of its successor, however small the table.</summary>
    private const uint MinGenerations = 1 << 14;

    private const uint MaxGenerations = 1 << 18;

    /// <summary>Sets share locks beyond this many: 256 KiB of them are enough for any number of threads.</summary>
    private const ulong MaxLocks = 1 << 16;

    public int Locks => (int)Math.Min(Sets, MaxLocks);

    public int OverflowLocks => (int)Math.Min(OverflowSets, MaxLocks);

    public long OwnersOffset => TableHeader.Bytes + Pages((long)(Locks + OverflowLocks) * sizeof(int));

    public long GenerationsOffset => OwnersOffset + Pages((long)Generations * OwnerSlot.Size);

    public long CellsOffset => GenerationsOffset + Pages((long)Generations * GenerationSlot.Size);

    /// <summary>Bytes of the whole table.</summary>
    public long TotalBytes => CellsOffset + ((long)(Sets + OverflowSets) * CounterRegion.SetBytes);

    /// <summary>The table that so much memory of cells makes, rounded down to a power of two sets.</summary>
    public static TableLayout For(long memoryBytes)
    {
        var sets = 1UL << BitOperations.Log2((ulong)memoryBytes / CounterRegion.SetBytes);
        var generations = (uint)Math.Clamp(sets * CounterRegion.CellsPerSet / CellsPerGeneration, MinGenerations, MaxGenerations);
        return new TableLayout(sets, sets / SetsPerOverflowSet, generations);
    }

    private static long Pages(long bytes) => (bytes + PageBytes - 1) / PageBytes * PageBytes;
}
