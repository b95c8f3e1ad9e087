using System.Collections.Immutable;

namespace EdgeGuard.Engine.Decide;

/// <summary>The long story of one decision: every policy and rule considered, in order, with numbers. Built only when asked for.</summary>
/// <param name="Decision">The outcome.</param>
/// <param name="Steps">What was considered, in order of evaluation.</param>
public sealed record DecisionTrace(Decision Decision, ImmutableArray<TraceStep> Steps);
