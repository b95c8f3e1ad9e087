using System.Security.Cryptography;
using System.Text;

namespace EdgeGuard.Identity.Agents;

/// <summary>A shared secret for HMAC-SHA256.</summary>
internal sealed class HmacKey : IAgentKey
{
    private const string Base64Prefix = "base64:";

    private readonly byte[] _secret;

    private HmacKey(byte[] secret) => _secret = secret;

    /// <summary>The key of a secret's text: its UTF-8 bytes, or what stands behind <c>base64:</c>; null when that is no base64.</summary>
    public static HmacKey? Of(string secret)
    {
        if (!secret.StartsWith(Base64Prefix, StringComparison.Ordinal))
        {
            return new HmacKey(Encoding.UTF8.GetBytes(secret));
        }

        var bytes = new byte[secret.Length];
        return Convert.TryFromBase64Chars(secret.AsSpan(Base64Prefix.Length), bytes, out var written) ? new HmacKey(bytes[..written]) : null;
    }

    /// <summary>Length of the secret, in bytes.</summary>
    public int Length => _secret.Length;

    /// <inheritdoc />
    public bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, data, expected);
        return CryptographicOperations.FixedTimeEquals(expected, signature);
    }
}
