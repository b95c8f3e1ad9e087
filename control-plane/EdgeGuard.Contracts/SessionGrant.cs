namespace EdgeGuard.Contracts;

/// <summary>Answer to <see cref="SessionRequest"/>.</summary>
/// <param name="SessionId">To be sent with the stream.</param>
/// <param name="Challenge">Random; to be proven with the edge's key within a minute.</param>
/// <param name="ProtocolVersion">What the control plane speaks.</param>
/// <param name="HeartbeatSeconds">How often a heartbeat comes.</param>
/// <param name="TelemetrySeconds">How often batches are wanted.</param>
public sealed record SessionGrant(string SessionId, string Challenge, int ProtocolVersion, int HeartbeatSeconds, int TelemetrySeconds);
