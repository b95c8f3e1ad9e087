namespace EdgeGuard.Contracts;

/// <summary>What is current, so that an edge knows that it is.</summary>
/// <param name="KillEpoch">Epoch of the newest kill-switch set.</param>
/// <param name="KillSequence">Sequence of the newest kill-switch set.</param>
/// <param name="BundleVersion">Newest published bundle, 0 for none.</param>
/// <param name="UnixMilliseconds">The control plane's clock.</param>
public sealed record HeartbeatPayload(long KillEpoch, long KillSequence, long BundleVersion, long UnixMilliseconds);
