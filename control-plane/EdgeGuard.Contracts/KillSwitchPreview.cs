namespace EdgeGuard.Contracts;

/// <summary>What a kill switch would hit.</summary>
/// <param name="ConnectedEdges">Edges that would get it at once.</param>
/// <param name="OfflineEdges">Edges that would get it when they are back.</param>
/// <param name="Policies">Policies whose selector its route touches; all of them without a route.</param>
/// <param name="RequestsLastHour">Requests counted on those policies' routes in the last hour (an upper bound: values never leave an edge).</param>
/// <param name="Warnings">What to think about, such as a scope that everybody has.</param>
public sealed record KillSwitchPreview(
    int ConnectedEdges, int OfflineEdges, IReadOnlyList<string> Policies, long RequestsLastHour, IReadOnlyList<string> Warnings);
