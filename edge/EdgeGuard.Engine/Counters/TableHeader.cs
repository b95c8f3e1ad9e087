using System.Runtime.InteropServices;

namespace EdgeGuard.Engine.Counters;

/// <summary>The first bytes of a counter table, in memory and in a file alike. Little-endian; the cells begin at <see cref="Bytes"/>.</summary>
[StructLayout(LayoutKind.Sequential, Size = UsedBytes)]
internal struct TableHeader
{
    /// <summary>Room kept for the header: one page, so that the sets start on one.</summary>
    public const int Bytes = 4096;

    /// <summary>Bytes of it in use.</summary>
    public const int UsedBytes = 64;

    /// <summary><c>EGCOUNT1</c>, read as a little-endian word.</summary>
    public const ulong MagicValue = 0x31544E554F434745;

    public const uint CurrentVersion = 1;

    public ulong Magic;
    public uint FormatVersion;
    public uint CellBytes;

    /// <summary>128-bit key of SipHash.</summary>
    public ulong SeedLow;

    public ulong SeedHigh;

    /// <summary>Sets of the main region, a power of two.</summary>
    public ulong Sets;

    /// <summary>Sets of the overflow region behind it, a power of two.</summary>
    public ulong OverflowSets;

    /// <summary>Nanoseconds since the Unix epoch that the process's monotonic clock was anchored at; 0 in plain memory.</summary>
    public long ClockAnchor;

    /// <summary>SipHash of everything above under the seed.</summary>
    public ulong Checksum;
}
