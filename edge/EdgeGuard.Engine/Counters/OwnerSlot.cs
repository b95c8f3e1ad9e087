using System.Runtime.InteropServices;

namespace EdgeGuard.Engine.Counters;

/// <summary>A limit that owns cells of a table. The layout is that of the counter file: never reorder. All zero is a free slot.</summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal struct OwnerSlot
{
    /// <summary>Bytes of a slot.</summary>
    public const int Size = 32;

    /// <summary>Who it is; written last. Zero is nobody.</summary>
    public ulong Id;

    /// <summary>Cells of the main region that are its own, idle ones included.</summary>
    public int Cells;

    /// <summary>Its newest generation.</summary>
    public int Current;

    /// <summary>Its oldest generation.</summary>
    public int Oldest;

    /// <summary>Of a plan of a rule: who the rule's counters belong to without it. Zero for all others, and in files from before.</summary>
    public ulong Family;
}
