using System.Runtime.InteropServices;

namespace EdgeGuard.Engine.Counters;

/// <summary>
/// The numbers that an owner's cells were written in from some moment on. The layout is that of the counter file: never reorder. All zero
/// is a free slot.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal struct GenerationSlot
{
    /// <summary>Bytes of a slot.</summary>
    public const int Size = 64;

    /// <summary>Index of the owner; written last. Zero is a free slot.</summary>
    public int Owner;

    /// <summary>Cells of both regions that carry this generation.</summary>
    public int Cells;

    public int Kind;

    /// <summary>The owner's generation before, or zero.</summary>
    public int Previous;

    /// <summary>The owner's generation after, or zero.</summary>
    public int Next;

    public int TimeShift;
    public uint UnitsPerNanosecond;

    /// <summary>See <see cref="BucketScale.SpareBits"/>; zero in files from before there were any.</summary>
    public int SpareBits;

    public ulong UnitsPerToken;
    public ulong Burst;
    public ulong Debt;

    /// <summary>When the first decision by these numbers was taken, in nanoseconds; zero before.</summary>
    public long ActivatedAt;
}
