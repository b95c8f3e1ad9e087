namespace EdgeGuard.Engine.Decide;

/// <summary>One rule or kill switch that was considered.</summary>
/// <param name="Policy">Policy id; empty for a pushed kill switch.</param>
/// <param name="Rule">Rule name, or kill switch id.</param>
/// <param name="Outcome"><c>allowed</c>, <c>denied</c>, <c>not_matched</c>, <c>missing_descriptor</c>, <c>unverifiable</c>.</param>
/// <param name="Shadow">Whether it belongs to a shadow policy.</param>
/// <param name="Limit">Quota, or 0.</param>
/// <param name="RemainingBefore">Units left before, or 0.</param>
/// <param name="RemainingAfter">Units left after, or 0.</param>
/// <param name="Why">In words, never with a descriptor's value.</param>
public sealed record TraceStep(
    string Policy, string Rule, string Outcome, bool Shadow, long Limit, long RemainingBefore, long RemainingAfter, string Why);
