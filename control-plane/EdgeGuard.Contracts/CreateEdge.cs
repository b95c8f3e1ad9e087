namespace EdgeGuard.Contracts;

/// <summary>A new edge.</summary>
/// <param name="EdgeId">1 to 64 of <c>[a-z0-9-]</c>, unique over all organizations.</param>
/// <param name="Labels">For people; at most 16.</param>
public sealed record CreateEdge(string EdgeId, IReadOnlyDictionary<string, string>? Labels);
