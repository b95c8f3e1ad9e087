using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGuard.ControlPlane.Data;

/// <summary>
/// Encrypts sensitive columns with AES-256-GCM. The text is <c>key-id:base64url(nonce, ciphertext, tag)</c>; what the column is and
/// which row it belongs to is authenticated with it, so a ciphertext moved to another row or organization does not open.
/// </summary>
internal sealed class ColumnProtector(IReadOnlyList<DataKey> keys)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>Encrypts with the first key.</summary>
    /// <param name="place">Table, column and row, such as <c>users.email/ID</c>.</param>
    /// <param name="organizationId">Owner of the row.</param>
    /// <param name="text">The value.</param>
    public string Protect(string place, string organizationId, string text)
    {
        var key = keys[0];
        var plain = Encoding.UTF8.GetBytes(text);
        var sealedBytes = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key.Bytes, TagBytes);
        aes.Encrypt(nonce, plain, sealedBytes.AsSpan(NonceBytes, plain.Length), sealedBytes.AsSpan(NonceBytes + plain.Length),
            Associated(place, organizationId));
        return key.Id + ":" + Base64Url.EncodeToString(sealedBytes);
    }

    /// <summary>Decrypts.</summary>
    /// <exception cref="CryptographicException">The key is not configured, or the text was changed or moved.</exception>
    public string Unprotect(string place, string organizationId, string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var key = colon > 0 ? Find(text.AsSpan(0, colon)) : null;
        if (key is null)
        {
            throw new CryptographicException("A column is encrypted with a data key that is not configured.");
        }

        var sealedBytes = Base64Url.DecodeFromChars(text.AsSpan(colon + 1));
        if (sealedBytes.Length < NonceBytes + TagBytes)
        {
            throw new CryptographicException("An encrypted column is too short.");
        }

        var plain = new byte[sealedBytes.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key.Bytes, TagBytes);
        aes.Decrypt(sealedBytes.AsSpan(0, NonceBytes), sealedBytes.AsSpan(NonceBytes, plain.Length), sealedBytes.AsSpan(^TagBytes..), plain,
            Associated(place, organizationId));
        return Encoding.UTF8.GetString(plain);
    }

    private static byte[] Associated(string place, string organizationId) => Encoding.UTF8.GetBytes(organizationId + "\n" + place);

    private DataKey? Find(ReadOnlySpan<char> id)
    {
        foreach (var key in keys)
        {
            if (id.SequenceEqual(key.Id))
            {
                return key;
            }
        }

        return null;
    }
}
