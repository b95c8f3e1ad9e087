namespace EdgeGuard.Edge.Probes;

/// <summary>What a probe's request is answered with.</summary>
/// <param name="IsAdmitted">Whether it is admitted.</param>
/// <param name="Status">HTTP status of the answer.</param>
internal readonly record struct ProbeAnswer(bool IsAdmitted, int Status);
