using System.Runtime.InteropServices;

namespace EdgeGuard.Engine.Counters;

/// <summary>One counter: two to a cache line. The layout is that of the counter file: never reorder. All zero is an empty cell.</summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal struct Cell
{
    /// <summary>Bytes of a cell.</summary>
    public const int Size = 32;

    /// <summary>The word of a cell that is being claimed or rescaled, under its set's lock. A file that holds one was left in mid-claim.</summary>
    public const ulong Busy = ulong.MaxValue;

    /// <summary>First half of the key; both zero means empty. Written only while <see cref="Word"/> is <see cref="Busy"/>.</summary>
    public ulong KeyLow;

    public ulong KeyHigh;

    /// <summary>The state of the limiter; the only part that the hit path writes.</summary>
    public ulong Word;

    /// <summary>Kind, generation and epoch (<see cref="CellMeta"/>). Written only while <see cref="Word"/> is <see cref="Busy"/>.</summary>
    public ulong Meta;
}
