namespace EdgeGuard.Engine.Matching;

/// <summary>A stretch of a <see cref="RouteIndex"/>'s list of policies.</summary>
internal readonly record struct MemberRange(int Start, int Count);
