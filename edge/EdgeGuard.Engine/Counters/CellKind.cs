namespace EdgeGuard.Engine.Counters;

/// <summary>What the word of a cell means. Persisted: never renumber.</summary>
internal enum CellKind : byte
{
    None = 0,
    TokenBucket = 1,
}
