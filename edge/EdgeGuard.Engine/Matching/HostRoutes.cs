namespace EdgeGuard.Engine.Matching;

/// <summary>The policies of one host, or of any host.</summary>
/// <param name="Root">Node of the prefix <c>/</c>.</param>
/// <param name="Pathless">Policies that name no path.</param>
internal readonly record struct HostRoutes(int Root, MemberRange Pathless);
