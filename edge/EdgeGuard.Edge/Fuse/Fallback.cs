namespace EdgeGuard.Edge.Fuse;

/// <summary>The bundle to go back to while a new one is watched.</summary>
/// <param name="Document">Its bytes as received.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="Version">Its version.</param>
internal sealed record Fallback(byte[] Document, string Digest, long Version);
