namespace EdgeGuard.Contracts;

/// <summary>Acknowledgements, coalesced.</summary>
public sealed record AckBatch(IReadOnlyList<Ack> Acks);
