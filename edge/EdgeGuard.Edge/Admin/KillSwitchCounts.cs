namespace EdgeGuard.Edge.Admin;

/// <summary>Kill switches in force, by where they come from.</summary>
/// <param name="Bundle">Of the bundle.</param>
/// <param name="Pushed">Of the control plane.</param>
/// <param name="Local">Set at this edge.</param>
/// <param name="PushedEpoch">Epoch of the pushed set, or null for none.</param>
/// <param name="PushedSequence">Sequence of the pushed set, or null for none.</param>
internal sealed record KillSwitchCounts(int Bundle, int Pushed, int Local, long? PushedEpoch, long? PushedSequence);
