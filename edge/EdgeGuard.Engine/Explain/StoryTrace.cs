namespace EdgeGuard.Engine.Explain;

/// <summary>The distributed trace that a decision is linked to; named as OpenTelemetry names it.</summary>
/// <param name="TraceId">32 hexadecimal digits.</param>
/// <param name="SpanId">Span of the edge, the parent that an upstream was told.</param>
/// <param name="ParentSpanId">Span of the caller; null when the trace began at the edge.</param>
public sealed record StoryTrace(string TraceId, string SpanId, string? ParentSpanId);
