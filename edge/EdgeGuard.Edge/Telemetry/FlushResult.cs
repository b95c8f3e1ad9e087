using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Edge.Telemetry;

/// <summary>What became of one attempt to deliver everything counted.</summary>
/// <param name="Batches">Batches that the control plane took.</param>
/// <param name="Problem">Why not everything was delivered, or null.</param>
internal sealed record FlushResult(int Batches, Diagnostic? Problem);
