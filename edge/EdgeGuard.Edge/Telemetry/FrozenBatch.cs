namespace EdgeGuard.Edge.Telemetry;

/// <summary>A batch that is sent, byte for byte, until it is acknowledged.</summary>
/// <param name="Epoch">Incarnation of the telemetry state.</param>
/// <param name="Sequence">Number in that epoch.</param>
/// <param name="Bytes">What is sent: a <see cref="Contracts.TelemetryBatch"/> as JSON.</param>
internal sealed record FrozenBatch(long Epoch, long Sequence, byte[] Bytes);
