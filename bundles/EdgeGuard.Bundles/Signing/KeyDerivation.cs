namespace EdgeGuard.Bundles.Signing;

/// <summary>Keys of edges from the control plane's master key: HKDF-SHA256 (RFC 5869), every part of the info length-prefixed.</summary>
public static class KeyDerivation
{
    /// <summary>The key of one edge for one purpose.</summary>
    public static SigningKey Derive(ReadOnlySpan<byte> master, KeyPurpose purpose, string organization, string edgeId, string keyId) =>
        throw new NotImplementedException();

    /// <summary>HMAC-SHA256 over the connect challenge with the edge's document key, base64url: proof of possession.</summary>
    public static string Prove(SigningKey edgeKey, string challenge, string edgeId) => throw new NotImplementedException();
}
