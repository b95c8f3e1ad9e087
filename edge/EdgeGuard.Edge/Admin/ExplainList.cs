using System.Collections.Immutable;
using EdgeGuard.Edge.Explain;

namespace EdgeGuard.Edge.Admin;

/// <summary>Answer of <c>GET /explain?recent</c>.</summary>
/// <param name="Decisions">Newest first.</param>
/// <param name="KeptSeconds">How long decisions are kept.</param>
/// <param name="SampleAllows">Share of plain allows that are kept, from 0 to 1.</param>
/// <param name="RecordAll">Whether all are, at the moment.</param>
/// <param name="Dropped">How many went before their time, since the process started.</param>
internal sealed record ExplainList(ImmutableArray<RecentDecision> Decisions, double KeptSeconds, double SampleAllows, bool RecordAll, long Dropped);
