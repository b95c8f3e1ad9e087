namespace EdgeGuard.Engine.Matching;

/// <summary>One segment of the prefixes of one host.</summary>
/// <param name="Up">Nearest node above that has policies, or -1.</param>
/// <param name="Below">Policies with this prefix and a trailing slash: what is below it.</param>
/// <param name="AtOrBelow">Policies with this prefix and no trailing slash: it and what is below it.</param>
/// <param name="IsLeaf">Whether no prefix goes on from here, so that the rest of a path need not be looked up.</param>
internal readonly record struct RouteNode(int Up, MemberRange Below, MemberRange AtOrBelow, bool IsLeaf);
