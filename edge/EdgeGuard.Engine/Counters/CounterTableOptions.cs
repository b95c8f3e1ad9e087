namespace EdgeGuard.Engine.Counters;

/// <summary>How large a counter table is and what its keys are hashed with.</summary>
/// <param name="MemoryBytes">Memory of the cells; rounded down to a power of two sets. From 64 KiB to 64 GiB.</param>
/// <param name="HashSeed">128-bit key of SipHash; random for each table, so that nobody can aim at a set.</param>
public sealed record CounterTableOptions(long MemoryBytes, UInt128 HashSeed);
