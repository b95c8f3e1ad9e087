using System.Numerics;
using System.Runtime.InteropServices;

namespace EdgeGuard.Engine.Counters;

/// <summary>
/// The fixed-capacity table of 32-byte cells that all limits count in. Lock-free on the hit path. A counter is forgotten only when that
/// cannot change a verdict; a newcomer to a set full of live counters shares its rule's overflow counter.
/// </summary>
/// <remarks>Unsafe because the cells are native memory in the layout of a file (see <see cref="CounterRegion"/>).</remarks>
public sealed unsafe class CounterTable : IDisposable
{
    /// <summary>Least memory of the cells.</summary>
    public const long MinMemoryBytes = 64 * 1024;

    /// <summary>Most memory of the cells.</summary>
    public const long MaxMemoryBytes = 64L * 1024 * 1024 * 1024;

    /// <summary>One overflow set for so many sets.</summary>
    private const ulong SetsPerOverflowSet = 64;

    private const int PageBytes = 4096;
    private void* _memory;
    private long _fullSets;

    private CounterTable(CounterTableOptions options)
    {
        var sets = 1UL << BitOperations.Log2((ulong)options.MemoryBytes / CounterRegion.SetBytes);
        var overflowSets = sets / SetsPerOverflowSet;
        var bytes = TableHeader.Bytes + ((sets + overflowSets) * CounterRegion.SetBytes);

        // Zeroed by the kernel page by page on first touch: a large table costs nothing until it is used. Hence no aligned allocation,
        // which would have to be cleared by hand, but one page more.
        _memory = NativeMemory.AllocZeroed((nuint)bytes + PageBytes);
        var start = (byte*)(((nuint)_memory + PageBytes - 1) & ~(nuint)(PageBytes - 1));
        Seed = options.HashSeed;
        WriteHeader((TableHeader*)start, sets, overflowSets);
        var cells = (Cell*)(start + TableHeader.Bytes);
        Main = new CounterRegion(cells, sets, Generations);
        Overflow = new CounterRegion(cells + (sets * CounterRegion.CellsPerSet), overflowSets, Generations);
        Header = (TableHeader*)start;
    }

    /// <summary>Cells in all, without those kept for overflow.</summary>
    public long Capacity => Main.Capacity;

    /// <summary>Cells that hold a counter now, idle ones included; approximate while requests run.</summary>
    public long Occupied => Main.Occupied;

    /// <summary>How often a set was found full of live cells.</summary>
    public long FullSets => Volatile.Read(ref _fullSets);

    internal UInt128 Seed { get; }

    internal TableHeader* Header { get; }

    internal CounterRegion Main { get; }

    /// <summary>Cells for rules whose newcomers find their set full; they have their own region so that no client can fill it.</summary>
    internal CounterRegion Overflow { get; }

    internal GenerationRegistry Generations { get; } = new();

    /// <summary>A table in plain memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of range.</exception>
    public static CounterTable Create(CounterTableOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.MemoryBytes is < MinMemoryBytes or > MaxMemoryBytes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.MemoryBytes, $"The memory of a counter table is from {MinMemoryBytes} to {MaxMemoryBytes} bytes.");
        }

        return new CounterTable(options);
    }

    /// <summary>Frees the cells. Nobody may decide by this table any more.</summary>
    public void Dispose()
    {
        NativeMemory.Free(_memory);
        _memory = null;
        GC.SuppressFinalize(this);
    }

    internal void CountFullSet() => Interlocked.Increment(ref _fullSets);

    /// <summary>Forgets all counters. Only while nobody else uses the table.</summary>
    internal void Clear()
    {
        Main.Clear();
        Overflow.Clear();
        Volatile.Write(ref _fullSets, 0);
    }

    private void WriteHeader(TableHeader* header, ulong sets, ulong overflowSets)
    {
        header->Magic = TableHeader.MagicValue;
        header->FormatVersion = TableHeader.CurrentVersion;
        header->CellBytes = Cell.Size;
        header->SeedLow = (ulong)Seed;
        header->SeedHigh = (ulong)(Seed >> 64);
        header->Sets = sets;
        header->OverflowSets = overflowSets;
        header->ClockAnchor = 0;
        header->Checksum = SipHash.Hash(Seed, new ReadOnlySpan<byte>(header, TableHeader.UsedBytes - sizeof(ulong))).Low;
    }
}
