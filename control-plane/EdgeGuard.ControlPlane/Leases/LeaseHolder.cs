namespace EdgeGuard.ControlPlane.Leases;

/// <summary>Who holds leases: one set of counters of an edge.</summary>
/// <param name="Id">Random id that the edge made.</param>
/// <param name="EdgeId">The edge that it belongs to.</param>
/// <param name="Retired">Gets and returns nothing any more; what it holds stays charged until its windows end.</param>
/// <param name="SeenAt">Last exchange, Unix milliseconds.</param>
internal sealed record LeaseHolder(string Id, string EdgeId, bool Retired, long SeenAt);
