namespace EdgeGuard.Contracts;

/// <summary>A break-glass act at the edge, reported when the control plane is back. Holds no scope value.</summary>
/// <param name="Id">Identifier of the local kill switch.</param>
/// <param name="Action"><c>added</c> or <c>removed</c>.</param>
/// <param name="ScopeKey">Descriptor key, such as <c>jwt:org</c>.</param>
/// <param name="Reason">Reason given.</param>
/// <param name="UnixMilliseconds">When.</param>
public sealed record LocalKillReport(string Id, string Action, string ScopeKey, string Reason, long UnixMilliseconds);
