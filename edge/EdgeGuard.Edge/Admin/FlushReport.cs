namespace EdgeGuard.Edge.Admin;

/// <summary>Answer to a flush.</summary>
/// <param name="Batches">Batches that the control plane took; 0 when there was nothing to send.</param>
internal sealed record FlushReport(int Batches);
