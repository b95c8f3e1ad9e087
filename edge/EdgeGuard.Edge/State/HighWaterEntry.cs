namespace EdgeGuard.Edge.State;

/// <summary>One mark on disk.</summary>
internal sealed record HighWaterEntry(string Lineage, long Epoch, long Sequence);
