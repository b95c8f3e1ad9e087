namespace EdgeGuard.Contracts;

/// <summary>What is current, so that an edge knows that it is.</summary>
/// <param name="KillEpoch">Epoch of the newest kill-switch set.</param>
/// <param name="KillSequence">Sequence of the newest kill-switch set.</param>
/// <param name="BundleVersion">Newest published bundle, 0 for none.</param>
/// <param name="UnixMilliseconds">The control plane's clock.</param>
/// <param name="RevocationSequence">Sequence of the newest set of revocations, of the same epoch; 0 for none.</param>
/// <param name="ApiKeySequence">Sequence of the newest set of API keys, of the same epoch; 0 for none.</param>
public sealed record HeartbeatPayload(
    long KillEpoch, long KillSequence, long BundleVersion, long UnixMilliseconds, long RevocationSequence = 0, long ApiKeySequence = 0);
