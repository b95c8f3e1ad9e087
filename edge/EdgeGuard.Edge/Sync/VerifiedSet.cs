using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Signing;

namespace EdgeGuard.Edge.Sync;

/// <summary>A signed whole set, verified and compared with what was accepted before.</summary>
/// <param name="Header">Its header, or null when the signature did not hold.</param>
/// <param name="Payload">What was signed; empty when refused.</param>
/// <param name="Digest">SHA-256 of the payload; empty when refused.</param>
/// <param name="Verdict">Whether it may be taken into use.</param>
/// <param name="Mark">The mark to keep.</param>
/// <param name="Problem">Why it is refused, or null.</param>
internal sealed record VerifiedSet(
    DocumentHeader? Header, byte[] Payload, byte[] Digest, RollbackVerdict Verdict, HighWaterMark Mark, Diagnostic? Problem)
{
    /// <summary>Verifies one compact serialization and compares it with a mark.</summary>
    /// <param name="settings">Keys and audience.</param>
    /// <param name="type">The only type accepted.</param>
    /// <param name="compact">The bytes as received.</param>
    /// <param name="mark">The newest accepted.</param>
    /// <param name="acceptedDigest">Digest of the newest accepted; empty when it is not known.</param>
    /// <param name="now">The wall clock.</param>
    public static VerifiedSet Verify(
        SyncSettings settings, DocumentType type, ReadOnlySpan<byte> compact, HighWaterMark mark, ReadOnlySpan<byte> acceptedDigest, DateTimeOffset now)
    {
        var verified = settings.Verifier.Verify(compact, type, settings.EdgeId, now);
        if (verified.Header is not { } header || verified.Payload is not { } payload || verified.Problem is not null)
        {
            return new VerifiedSet(null, [], [], RollbackVerdict.Refused, mark, verified.Problem);
        }

        var digest = System.Security.Cryptography.SHA256.HashData(payload);
        var order = RollbackGuard.Check(mark, acceptedDigest, header, digest);
        return new VerifiedSet(header, payload, digest, order.Verdict, order.Mark, order.Problem);
    }
}
