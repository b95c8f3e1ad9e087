namespace EdgeGuard.Engine.Counters;

/// <summary>
/// The fourth word of a cell: bits 0 to 23 the epoch of the last refresh, bits 24 to 47 the generation of the numbers that the state is
/// written in, bits 56 to 63 the kind. One comparison tells the hit path that all three are what it expects.
/// </summary>
internal static class CellMeta
{
    /// <summary>An epoch is 2^43 ns, 2 h 26 min: 24 bits of them last until the year 6600.</summary>
    public const int EpochShift = 43;

    /// <summary>Generations that can be told apart.</summary>
    public const int MaxGenerations = 1 << 24;

    private const ulong EpochMask = (1UL << 24) - 1;
    private const ulong GenerationMask = MaxGenerations - 1;

    public static ulong Pack(CellKind kind, int generation) =>
        ((ulong)kind << 56) | ((ulong)(uint)generation << 24);

    public static ulong WithEpoch(ulong meta, ulong epoch) => (meta & ~EpochMask) | (epoch & EpochMask);

    public static ulong EpochOf(ulong meta) => meta & EpochMask;

    public static int GenerationOf(ulong meta) => (int)((meta >> 24) & GenerationMask);

    public static CellKind KindOf(ulong meta) => (CellKind)(meta >> 56);

    /// <summary>The epoch of a time in nanoseconds since the Unix epoch.</summary>
    public static ulong EpochAt(long nanoseconds) => ((ulong)nanoseconds >> EpochShift) & EpochMask;
}
