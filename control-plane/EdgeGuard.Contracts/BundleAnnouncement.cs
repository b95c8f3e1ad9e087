namespace EdgeGuard.Contracts;

/// <summary>A published bundle, to be fetched.</summary>
/// <param name="Version">Version assigned by the control plane.</param>
/// <param name="Digest">SHA-256 of the canonical JSON, lower-case hex.</param>
/// <param name="Url">Path to fetch it from, on the same host.</param>
public sealed record BundleAnnouncement(long Version, string Digest, string Url);
