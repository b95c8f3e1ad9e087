using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Bundles;

/// <summary>
/// Tells the three forms of a bundle apart and verifies: JWS always, the peer's form (base64 of an HMAC-SHA256, line feed, payload) and plain text
/// only where the options accept them. What looks like a JWS is never tried as anything else.
/// </summary>
internal sealed class BundleVerifier(EdgeOptions options, IReadOnlyList<SigningKey> keys)
{
    /// <summary>Base64 of the 32 bytes of an HMAC-SHA256.</summary>
    private const int PeerSignatureLength = 44;

    private static readonly SearchValues<byte> CompactBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."u8);

    private readonly DocumentVerifier _documents = new(new TrustedKeys([.. keys]));

    /// <summary>Verifies the bytes of a bundle as received.</summary>
    public VerifiedBundle Verify(ReadOnlyMemory<byte> document, DateTimeOffset now)
    {
        var text = Trim(document);
        if (text.Length > 0 && text.Span.IndexOfAnyExcept(CompactBytes) < 0 && text.Span.Count((byte)'.') == 2)
        {
            return VerifyCompact(text, now);
        }

        return TrySplitPeer(document, out var signature, out var payload)
            ? VerifyPeer(signature, payload)
            : AcceptUnsigned(document);
    }

    private VerifiedBundle VerifyCompact(ReadOnlyMemory<byte> text, DateTimeOffset now)
    {
        if (keys.Count == 0)
        {
            return Refused("jws", EdgeCodes.NoSigningKey, "the bundle is signed, but no key to verify it with is configured", "set EDGEGUARD_SIGNING_KEY to kid:base64url");
        }

        var audience = options.EdgeId.Length > 0 ? options.EdgeId : "site";
        var result = _documents.Verify(text.Span, DocumentType.Bundle, audience, now);
        return new VerifiedBundle("jws", result.Payload ?? [], result.Header, result.Problem);
    }

    private VerifiedBundle VerifyPeer(ReadOnlyMemory<byte> signature, ReadOnlyMemory<byte> payload)
    {
        if (!options.Bundle.AcceptPeer)
        {
            return NotAccepted("peer", "is signed in the peer's form");
        }

        Span<byte> claimed = stackalloc byte[HMACSHA256.HashSizeInBytes + 1];
        Span<byte> actual = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var decoded = Base64.DecodeFromUtf8(signature.Span, claimed, out _, out var length) == OperationStatus.Done;
        foreach (var key in keys)
        {
            HMACSHA256.HashData(key.Bytes, payload.Span, actual);
            if (decoded && CryptographicOperations.FixedTimeEquals(claimed[..length], actual))
            {
                return new VerifiedBundle("peer", payload, null, null);
            }
        }

        return Refused("peer", EdgeCodes.PeerSignature, "the signature of the bundle fits none of the configured keys", "sign the bundle with a key that this edge has");
    }

    private VerifiedBundle AcceptUnsigned(ReadOnlyMemory<byte> document) => options.Bundle.AcceptUnsigned
        ? new VerifiedBundle("unsigned", document, null, null)
        : NotAccepted("unsigned", "is not signed");

    private static VerifiedBundle NotAccepted(string form, string what) => Refused(
        form,
        EdgeCodes.BundleFormNotAccepted,
        $"the bundle {what}, which the options do not accept",
        $"sign it with `edgeguard sign`, or set bundle.accept: [{form}] in the options");

    private static VerifiedBundle Refused(string form, string code, string message, string fix) =>
        new(form, default, null, new Diagnostic(code, Severity.Error, SourceLocation.None, string.Empty, message, fix));

    private static bool TrySplitPeer(ReadOnlyMemory<byte> document, out ReadOnlyMemory<byte> signature, out ReadOnlyMemory<byte> payload)
    {
        var isPeer = document.Length > PeerSignatureLength + 1
            && document.Span[PeerSignatureLength] == (byte)'\n'
            && Base64.IsValid(document.Span[..PeerSignatureLength]);
        signature = isPeer ? document[..PeerSignatureLength] : default;
        payload = isPeer ? document[(PeerSignatureLength + 1)..] : default;
        return isPeer;
    }

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> document)
    {
        return document[Ascii.Trim(document.Span)];
    }
}
