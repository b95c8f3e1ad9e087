using System.Buffers.Text;
using System.Security.Cryptography;

namespace EdgeGuard.Bundles.Signing;

/// <summary>Keys of edges from the control plane's master key: HKDF-SHA256 (RFC 5869), every part of the info length-prefixed.</summary>
public static class KeyDerivation
{
    private const string ProofLabel = "edgeguard-connect-proof";

    /// <summary>The key of one edge for one purpose.</summary>
    /// <param name="master">The control plane's master key, at least <see cref="SigningKey.MinBytes"/> random bytes.</param>
    /// <param name="purpose">What the key is for.</param>
    /// <param name="organization">Organization of the edge.</param>
    /// <param name="edgeId">The edge.</param>
    /// <param name="keyId">Id of the derived key; another id gives another key, which is how keys rotate.</param>
    /// <exception cref="ArgumentException">The master key is too short, a name is empty, or the key id is malformed.</exception>
    public static SigningKey Derive(ReadOnlySpan<byte> master, KeyPurpose purpose, string organization, string edgeId, string keyId)
    {
        ArgumentException.ThrowIfNullOrEmpty(organization);
        ArgumentException.ThrowIfNullOrEmpty(edgeId);
        ArgumentException.ThrowIfNullOrEmpty(keyId);
        if (master.Length < SigningKey.MinBytes)
        {
            throw new ArgumentException($"A master key has at least {SigningKey.MinBytes} bytes.", nameof(master));
        }

        Span<byte> derived = stackalloc byte[SigningKey.MinBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, master, derived, salt: [], InfoBytes.Join(Name(purpose), organization, edgeId, keyId));
        var key = new SigningKey(keyId, derived);
        CryptographicOperations.ZeroMemory(derived);
        return key;
    }

    /// <summary>HMAC-SHA256 over the connect challenge with the edge's document key, base64url: proof of possession.</summary>
    /// <remarks>
    /// The input starts with a length and a label, a document's with <c>eyJ</c>: an answer can never pass for a document's signature.
    /// </remarks>
    public static string Prove(SigningKey edgeKey, string challenge, string edgeId)
    {
        ArgumentNullException.ThrowIfNull(edgeKey);
        ArgumentException.ThrowIfNullOrEmpty(challenge);
        ArgumentException.ThrowIfNullOrEmpty(edgeId);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(edgeKey.Bytes, InfoBytes.Join(ProofLabel, challenge, edgeId), mac);
        return Base64Url.EncodeToString(mac);
    }

    private static string Name(KeyPurpose purpose) => purpose switch
    {
        KeyPurpose.Documents => "edgeguard-documents",
        KeyPurpose.Proof => "edgeguard-proof",
        _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };
}
