namespace EdgeGuard.Edge.Tracing;

/// <summary>What one decision is known by.</summary>
/// <param name="Id">Its own id; only from here.</param>
/// <param name="Context">The distributed trace that it belongs to.</param>
internal readonly record struct RequestTrace(DecisionId Id, TraceContext Context);
