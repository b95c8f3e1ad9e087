using System.Runtime.InteropServices;

namespace EdgeGuard.Engine.Counters;

/// <summary>What a cell was before it was marked busy to be rewritten. The layout is that of the counter file: never reorder.</summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal struct JournalEntry
{
    /// <summary>Bytes of an entry.</summary>
    public const int Size = 32;

    /// <summary>Index of the cell in the file, from 1; zero when nothing is being rewritten. Written first and cleared last.</summary>
    public ulong Cell;

    public ulong Word;

    public ulong Meta;
}
