namespace EdgeGuard.Contracts;

/// <summary>An edge introduces itself.</summary>
/// <param name="EdgeId">Must be the one that the token belongs to.</param>
/// <param name="EdgeVersion">Product version.</param>
/// <param name="ProtocolVersion">Version of this protocol; <see cref="CurrentProtocol"/>.</param>
/// <param name="KeyId">Key the edge will prove possession of.</param>
/// <param name="BundleVersion">Version in force, 0 for none.</param>
/// <param name="BundleDigest">Digest in force, empty for none.</param>
/// <param name="UnixMilliseconds">The edge's clock, for the skew shown in the inventory.</param>
/// <param name="Continues">
/// Id of the session that this one goes on with: the last one of the edge, or of the process that it has taken over. Null for none. Nobody else knows it,
/// so a session that replaces exactly this one raises no alert.
/// </param>
public sealed record SessionRequest(
    string EdgeId, string EdgeVersion, int ProtocolVersion, string KeyId, long BundleVersion, string BundleDigest, long UnixMilliseconds,
    string? Continues = null)
{
    /// <summary>The protocol described by this assembly. N and N+1 understand each other.</summary>
    public const int CurrentProtocol = 1;
}
