namespace EdgeGuard.Edge.Admin;

/// <summary>Answer of <c>POST /explain/record-all</c>.</summary>
/// <param name="Until">When it ends by itself.</param>
internal sealed record RecordAllReport(DateTimeOffset Until);
