namespace EdgeGuard.Bundles.Signing;

/// <summary>Signs documents as JWS Compact Serialization (RFC 7515), HS256.</summary>
public static class DocumentSigner
{
    /// <summary>The compact serialization. <see cref="DocumentHeader.KeyId"/> must be the key's.</summary>
    public static string Sign(DocumentHeader header, ReadOnlySpan<byte> payload, SigningKey key) => throw new NotImplementedException();
}
