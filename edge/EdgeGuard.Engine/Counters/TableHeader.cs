using System.Runtime.InteropServices;

namespace EdgeGuard.Engine.Counters;

/// <summary>The first bytes of a counter table, in memory and in a file alike. Little-endian. Never reorder. Unsafe for the padding only.</summary>
[StructLayout(LayoutKind.Sequential, Size = UsedBytes)]
internal unsafe struct TableHeader
{
    /// <summary>Room kept for the header and the journal: one page, so that what follows starts on one.</summary>
    public const int Bytes = 4096;

    /// <summary>Bytes of it in use by the header.</summary>
    public const int UsedBytes = 256;

    /// <summary>Bytes that <see cref="Checksum"/> is of: everything before it, which never changes.</summary>
    public const int FixedBytes = 56;

    /// <summary>Bytes from <see cref="BootLow"/> that <see cref="ClockChecksum"/> is of.</summary>
    public const int ClockBytes = 24;

    /// <summary><c>EGCOUNT1</c>, read as a little-endian word.</summary>
    public const ulong MagicValue = 0x31544E554F434745;

    /// <summary>3: the names of counters have their lengths last.</summary>
    public const uint CurrentVersion = 3;

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

    /// <summary>Room for numbers and for their owners.</summary>
    public ulong Generations;

    /// <summary>SipHash of everything above under the seed.</summary>
    public ulong Checksum;

    /// <summary>The boot in which <see cref="Anchor"/> holds.</summary>
    public ulong BootLow;

    public ulong BootHigh;

    /// <summary>Nanoseconds since the Unix epoch at which that boot's clock stood at zero.</summary>
    public long Anchor;

    /// <summary>SipHash of boot and anchor under the seed; zero without one.</summary>
    public ulong ClockChecksum;

    /// <summary>Latest time that the table's user has noted, in nanoseconds since the Unix epoch; coarse.</summary>
    public long HighWater;

    /// <summary>Rises with every process that opens the table; marks the locks that it holds.</summary>
    public int Run;

    /// <summary>Lock of owners and generations; zero or the run that holds it.</summary>
    public int RegistryLock;

    /// <summary>Rises with every change of owners and generations.</summary>
    public int RegistryVersion;

    /// <summary>Keeps what follows aligned.</summary>
    public int Padding;

    /// <summary>Cells of the main region that hold a key.</summary>
    public long Occupied;

    /// <summary>Cells of the overflow region that hold a key.</summary>
    public long OverflowOccupied;

    /// <summary>
    /// Random, and changed whenever what is held of fleet-wide budgets was told to the control plane: a copy of the file from before has another one.
    /// </summary>
    public long LeaseStamp;

    /// <summary>Keeps what follows in a cache line of its own: it is read by every request that counts in a window, and seldom changes.</summary>
    public fixed byte Line[48];

    /// <summary>
    /// Latest time at which an expired cell was forgotten or a part of a sliding window began, in nanoseconds since the Unix epoch: a clock
    /// reading before it is an old one. Begins anew when the table is opened, since nobody who read a clock before is left then.
    /// </summary>
    public long Present;
}
