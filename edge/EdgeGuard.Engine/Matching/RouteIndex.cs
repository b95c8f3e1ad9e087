namespace EdgeGuard.Engine.Matching;

/// <summary>
/// Finds the policies of a request: a look-up for the host, one for the exact path, one for each segment of the longest known prefix,
/// twice (the host's own policies and those of any host). The cost does not grow with the number of policies, only with how many match.
/// </summary>
internal sealed class RouteIndex
{
    /// <summary>Scope of the one map of hosts.</summary>
    public const int HostScope = 0;

    public required ByteMap Hosts { get; init; }

    /// <summary>Exact paths by host; the value is an index into <see cref="ExactLists"/>.</summary>
    public required ByteMap Exact { get; init; }

    public required MemberRange[] ExactLists { get; init; }

    /// <summary>Child nodes by parent node and segment.</summary>
    public required ByteMap Edges { get; init; }

    public required RouteNode[] Nodes { get; init; }

    /// <summary>By host number; number 0 is any host.</summary>
    public required HostRoutes[] Routes { get; init; }

    /// <summary>Policies, in stretches that are each ordered by id.</summary>
    public required int[] Members { get; init; }

    /// <summary>Method numbers of each policy; null for any method.</summary>
    public required int[]?[] Methods { get; init; }

    public required ByteMap MethodNumbers { get; init; }

    /// <summary>Policies listed under an exact path and a prefix (either matches): to be given once.</summary>
    public required bool[] ListedTwice { get; init; }
}
