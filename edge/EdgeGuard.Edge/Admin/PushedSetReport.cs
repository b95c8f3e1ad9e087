namespace EdgeGuard.Edge.Admin;

/// <summary>A set that the control plane pushed.</summary>
/// <param name="Count">Entries in force.</param>
/// <param name="Epoch">Its epoch, or null for none.</param>
/// <param name="Sequence">Its sequence, or null for none.</param>
/// <param name="AgeSeconds">Seconds since it was signed, or null for none.</param>
internal sealed record PushedSetReport(int Count, long? Epoch, long? Sequence, long? AgeSeconds);
