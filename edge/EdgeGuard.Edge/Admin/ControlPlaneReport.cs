namespace EdgeGuard.Edge.Admin;

/// <summary>The connection to the control plane.</summary>
/// <param name="Url">Its address.</param>
/// <param name="State"><c>connecting</c>, <c>connected</c> or <c>waiting</c>.</param>
/// <param name="DirectiveAgeSeconds">How long ago the edge last knew that it was current; null for never.</param>
/// <param name="Connects">Streams opened since the process started.</param>
/// <param name="DirectivesApplied">Since the process started.</param>
/// <param name="DirectivesRefused">Since the process started.</param>
/// <param name="Problem">Why it does not work, or null.</param>
internal sealed record ControlPlaneReport(
    string Url, string State, double? DirectiveAgeSeconds, long Connects, long DirectivesApplied, long DirectivesRefused, string? Problem);
