using System.Buffers.Text;
using System.Security.Cryptography;
using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Bundles.Signing;

/// <summary>
/// The peer's form of a signed bundle: base64 of the HMAC-SHA256 of the payload, a line feed, the payload. It names no key, audience, number or
/// expiry, and is therefore only for options that accept it (<c>bundle.accept: [peer]</c>).
/// </summary>
public static class PeerSignature
{
    /// <summary>Base64 of 32 bytes, with its padding.</summary>
    private const int SignatureLength = 44;

    /// <summary>Whether a text has the form: 44 characters of base64, a line feed, and a payload.</summary>
    public static bool IsPeerForm(ReadOnlySpan<byte> document) => TryDecode(document, stackalloc byte[HMACSHA256.HashSizeInBytes]);

    /// <summary>Signs a payload.</summary>
    /// <exception cref="ArgumentException">The payload is empty.</exception>
    public static byte[] Sign(ReadOnlySpan<byte> payload, SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (payload.IsEmpty)
        {
            throw new ArgumentException("The payload is empty.", nameof(payload));
        }

        var document = new byte[SignatureLength + 1 + payload.Length];
        Base64.EncodeToUtf8(Hs256.Compute(key, payload), document, out _, out _);
        document[SignatureLength] = (byte)'\n';
        payload.CopyTo(document.AsSpan(SignatureLength + 1));
        return document;
    }

    /// <summary>Verifies; the result has a payload and no header.</summary>
    /// <param name="document">The bytes as received; nothing is trimmed.</param>
    /// <param name="keys">The keys that may have signed: the form names none, so each is tried.</param>
    public static VerificationResult Verify(ReadOnlySpan<byte> document, params ReadOnlySpan<SigningKey> keys)
    {
        Span<byte> claimed = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (!TryDecode(document, claimed))
        {
            return Refuse(
                SigningCodes.NotPeerForm,
                "the document is not a signature line of 44 base64 characters, a line feed and a payload",
                "sign it as the peer does, with HMAC-SHA256, or sign it with `edgeguard sign`");
        }

        var payload = document[(SignatureLength + 1)..];
        var fits = false;
        foreach (var key in keys)
        {
            fits |= Hs256.Verify(key, payload, claimed);
        }

        return fits
            ? new VerificationResult(null, payload.ToArray(), null)
            : Refuse(
                SigningCodes.BadSignature,
                "the signature line fits none of the configured keys: the document was changed, or was signed with another key",
                "sign the document again, and compare the keys of both sides");
    }

    private static bool TryDecode(ReadOnlySpan<byte> document, Span<byte> mac)
    {
        if (document.Length <= SignatureLength + 1 || document[SignatureLength] != (byte)'\n')
        {
            return false;
        }

        // As in a JWS, only the one text that encoding would give: the framework's decoder takes others too.
        Span<byte> decoded = stackalloc byte[SignatureLength];
        Span<byte> again = stackalloc byte[SignatureLength];
        var text = document[..SignatureLength];
        Base64.DecodeFromUtf8(text, decoded, out _, out var length);
        if (length != mac.Length)
        {
            return false;
        }

        decoded[..length].CopyTo(mac);
        Base64.EncodeToUtf8(mac, again, out _, out _);
        return text.SequenceEqual(again);
    }

    private static VerificationResult Refuse(string code, string message, string fix) =>
        new(null, null, new Diagnostic(code, Severity.Error, SourceLocation.None, string.Empty, message, fix));
}
