using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeGuard.Bundles.Signing;

/// <summary>Signs documents as JWS Compact Serialization (RFC 7515), HS256.</summary>
public static class DocumentSigner
{
    private const int MaxText = 256;

    /// <summary>The compact serialization. <see cref="DocumentHeader.KeyId"/> must be the key's.</summary>
    /// <param name="header">What the document says about itself.</param>
    /// <param name="payload">Any bytes; of a bundle its canonical JSON.</param>
    /// <param name="key">The key to sign with.</param>
    /// <exception cref="ArgumentException">The header names another key, or a member is out of range and no verifier would take it.</exception>
    public static string Sign(DocumentHeader header, ReadOnlySpan<byte> payload, SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(key);
        Check(header, key);
        var input = $"{Base64Url.EncodeToString(WriteHeader(header))}.{Base64Url.EncodeToString(payload)}";
        return $"{input}.{Base64Url.EncodeToString(Hs256.Compute(key, Encoding.ASCII.GetBytes(input)))}";
    }

    private static void Check(DocumentHeader header, SigningKey key)
    {
        if (!string.Equals(header.KeyId, key.Id, StringComparison.Ordinal))
        {
            throw new ArgumentException("The header names another key than the one that signs.", nameof(header));
        }

        if (header.Audience is not { Length: > 0 and <= MaxText } || header.Issuer is not { Length: > 0 and <= MaxText })
        {
            throw new ArgumentException($"Audience and issuer have 1 to {MaxText} characters.", nameof(header));
        }

        if (header.Epoch < 0 || header.Sequence < 1 || header.IssuedAt.ToUnixTimeSeconds() < 0 || header.ExpiresAt?.ToUnixTimeSeconds() < 0)
        {
            throw new ArgumentException("Epoch, sequence or a time is out of range.", nameof(header));
        }
    }

    private static ReadOnlySpan<byte> WriteHeader(DocumentHeader header)
    {
        var output = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("alg"u8, Hs256.Name);
            writer.WriteString("typ"u8, DocumentTypes.Name(header.Type));
            writer.WriteString("kid"u8, header.KeyId);
            writer.WriteString("aud"u8, header.Audience);
            writer.WriteString("iss"u8, header.Issuer);
            writer.WriteNumber("epoch"u8, header.Epoch);
            writer.WriteNumber("seq"u8, header.Sequence);
            writer.WriteNumber("iat"u8, header.IssuedAt.ToUnixTimeSeconds());
            if (header.ExpiresAt is { } expiresAt)
            {
                writer.WriteNumber("exp"u8, expiresAt.ToUnixTimeSeconds());
            }

            writer.WriteEndObject();
        }

        return output.WrittenSpan;
    }
}
