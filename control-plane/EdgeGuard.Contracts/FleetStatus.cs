namespace EdgeGuard.Contracts;

/// <summary>The fleet at a glance.</summary>
public sealed record FleetStatus(
    string Organization, string Lineage, long Epoch, long BundleVersion, string BundleDigest, long KillSequence, int KillSwitches,
    IReadOnlyList<EdgeInfo> Edges);
