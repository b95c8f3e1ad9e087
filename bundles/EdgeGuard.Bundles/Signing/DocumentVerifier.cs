namespace EdgeGuard.Bundles.Signing;

/// <summary>Verifies signed documents: pinned algorithm, keys from configuration only, strict decoding, constant-time comparison.</summary>
public sealed class DocumentVerifier(TrustedKeys keys)
{
    /// <summary>The keys trusted.</summary>
    public TrustedKeys Keys { get; } = keys;

    /// <summary>Verifies one compact serialization.</summary>
    /// <param name="compact">The bytes as received, without surrounding white space.</param>
    /// <param name="type">The only type accepted.</param>
    /// <param name="audience">The only audience accepted.</param>
    /// <param name="now">For <c>exp</c> (and <c>iat</c> more than 5 minutes ahead).</param>
    public VerificationResult Verify(ReadOnlySpan<byte> compact, DocumentType type, string audience, DateTimeOffset now) =>
        throw new NotImplementedException();
}
