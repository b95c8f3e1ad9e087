using System.Numerics;

namespace EdgeGuard.Engine.Counters;

/// <summary>Writes and examines the header of a table. Unsafe because it lies in the table's file.</summary>
internal static unsafe class TableFormat
{
    /// <summary>Writes the header of a new table over zeroed memory.</summary>
    public static void Write(TableHeader* header, in TableLayout layout, UInt128 seed)
    {
        header->FormatVersion = TableHeader.CurrentVersion;
        header->CellBytes = Cell.Size;
        header->SeedLow = (ulong)seed;
        header->SeedHigh = (ulong)(seed >> 64);
        header->Sets = layout.Sets;
        header->OverflowSets = layout.OverflowSets;
        header->Generations = layout.Generations;
        header->Magic = TableHeader.MagicValue;
        header->Checksum = Checksum(header, seed);
    }

    /// <summary>Whether a table of this format begins at a byte, and how it is laid out.</summary>
    public static TableCondition Examine(byte* start, long bytes, out TableLayout layout)
    {
        layout = default;
        var header = (TableHeader*)start;
        if (bytes < TableHeader.Bytes || header->Magic != TableHeader.MagicValue)
        {
            return TableCondition.Foreign;
        }

        if (header->FormatVersion != TableHeader.CurrentVersion || header->CellBytes != Cell.Size)
        {
            return TableCondition.OtherFormat;
        }

        if (header->Checksum != Checksum(header, new UInt128(header->SeedHigh, header->SeedLow)))
        {
            return TableCondition.Torn;
        }

        // What carries a right checksum was written by this code; the bounds are against a checksum that somebody has forged.
        if (!BitOperations.IsPow2(header->Sets) || header->Sets > CounterTable.MaxMemoryBytes / CounterRegion.SetBytes)
        {
            return TableCondition.Torn;
        }

        layout = TableLayout.For((long)header->Sets * CounterRegion.SetBytes);
        if (layout.OverflowSets != header->OverflowSets || layout.Generations != header->Generations)
        {
            return TableCondition.Torn;
        }

        return bytes == layout.TotalBytes ? TableCondition.Whole : TableCondition.WrongSize;
    }

    /// <summary>The clock line, or null when there is none or a process was killed while it was written.</summary>
    public static ClockLine? ReadClock(TableHeader* header, UInt128 seed) =>
        header->ClockChecksum != 0 && header->ClockChecksum == ClockChecksum(header, seed)
            ? new ClockLine(new UInt128(header->BootHigh, header->BootLow), header->Anchor)
            : null;

    /// <summary>Writes the clock line: no checksum fits in between.</summary>
    public static void WriteClock(TableHeader* header, UInt128 seed, ClockLine line)
    {
        Volatile.Write(ref header->ClockChecksum, 0);
        header->BootLow = (ulong)line.Boot;
        header->BootHigh = (ulong)(line.Boot >> 64);
        header->Anchor = line.Anchor;
        Volatile.Write(ref header->ClockChecksum, ClockChecksum(header, seed));
    }

    private static ulong Checksum(TableHeader* header, UInt128 seed) =>
        SipHash.Hash(seed, new ReadOnlySpan<byte>(header, TableHeader.FixedBytes)).Low;

    private static ulong ClockChecksum(TableHeader* header, UInt128 seed) =>
        Math.Max(1, SipHash.Hash(seed, new ReadOnlySpan<byte>(&header->BootLow, TableHeader.ClockBytes)).Low);
}
