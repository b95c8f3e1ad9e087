namespace EdgeGuard.ControlPlane.Stream;

/// <summary>The whole set of kill switches that came into force with one sequence number.</summary>
/// <param name="Sequence">Rises with every change.</param>
/// <param name="Payload">Canonical JSON, as it is signed for each edge.</param>
/// <param name="Count">How many switches it holds.</param>
internal sealed record KillSwitchSet(long Sequence, byte[] Payload, int Count);
