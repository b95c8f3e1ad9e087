using System.Security.Cryptography;

namespace EdgeGuard.Identity.Agents;

/// <summary>A shared secret for HMAC-SHA256.</summary>
internal sealed class HmacKey : IAgentKey
{
    private readonly byte[] _secret;

    private HmacKey(byte[] secret) => _secret = secret;

    /// <summary>The key of a secret's text; null when it is none.</summary>
    public static HmacKey? Of(string secret) => SharedSecret.Read(secret) is { Length: >= SharedSecret.MinBytes } bytes ? new HmacKey(bytes) : null;

    /// <inheritdoc />
    public int SignatureBytes => HMACSHA256.HashSizeInBytes;

    /// <inheritdoc />
    public bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, data, expected);
        return CryptographicOperations.FixedTimeEquals(expected, signature);
    }
}
