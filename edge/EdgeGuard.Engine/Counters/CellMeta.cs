namespace EdgeGuard.Engine.Counters;

/// <summary>
/// The fourth word of a cell, in one of two layouts by kind (bits 56 to 63). A token bucket's: bits 0 to 23 the epoch of the last refresh,
/// bits 24 to 47 the generation of the numbers that the state is written in. Every other kind's: bits 0 to 31 the Unix second from which the
/// cell means nothing any more, bits 32 to 55 the generation. One comparison tells the hit path that all are what it expects.
/// </summary>
internal static class CellMeta
{
    /// <summary>An epoch is 2^43 ns, 2 h 26 min: 24 bits of them last until the year 6600.</summary>
    public const int EpochShift = 43;

    /// <summary>Generations that can be told apart.</summary>
    public const int MaxGenerations = 1 << 24;

    private const int ExpiryBits = 32;
    private const ulong ExpiryMask = (1UL << ExpiryBits) - 1;
    private const ulong EpochMask = (1UL << 24) - 1;
    private const ulong GenerationMask = MaxGenerations - 1;

    public static ulong Pack(CellKind kind, int generation) =>
        ((ulong)kind << 56) | ((ulong)(uint)generation << 24);

    public static ulong WithEpoch(ulong meta, ulong epoch) => (meta & ~EpochMask) | (epoch & EpochMask);

    public static ulong EpochOf(ulong meta) => meta & EpochMask;

    public static int GenerationOf(ulong meta) =>
        (int)((KindOf(meta) <= CellKind.TokenBucket ? meta >> 24 : meta >> ExpiryBits) & GenerationMask);

    /// <summary>With another generation.</summary>
    public static ulong WithGeneration(ulong meta, int generation)
    {
        var shift = KindOf(meta) <= CellKind.TokenBucket ? 24 : ExpiryBits;
        return (meta & ~(GenerationMask << shift)) | ((ulong)(uint)generation << shift);
    }

    /// <summary>Metadata of a kind that expires, without its expiry.</summary>
    public static ulong PackExpiring(CellKind kind, int generation) =>
        ((ulong)kind << 56) | ((ulong)(uint)generation << ExpiryBits);

    /// <summary>With an expiry in Unix seconds; what lies beyond the year 2106 expires then.</summary>
    public static ulong WithExpiry(ulong meta, long unixSeconds) =>
        (meta & ~ExpiryMask) | (ulong)Math.Clamp(unixSeconds, 0, (long)ExpiryMask);

    /// <summary>Unix second from which a cell of an expiring kind means nothing.</summary>
    public static long ExpiryOf(ulong meta) => (long)(meta & ExpiryMask);

    public static CellKind KindOf(ulong meta) => (CellKind)(meta >> 56);

    /// <summary>The epoch of a time in nanoseconds since the Unix epoch.</summary>
    public static ulong EpochAt(long nanoseconds) => ((ulong)nanoseconds >> EpochShift) & EpochMask;
}
