using System.Buffers;
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
    private static readonly SearchValues<byte> CompactBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."u8);

    private readonly DocumentVerifier _documents = new(new TrustedKeys([.. keys]));

    /// <summary>Verifies the bytes of a bundle as received.</summary>
    /// <param name="document">The bytes.</param>
    /// <param name="now">The wall clock.</param>
    /// <param name="wasInForce">It comes from this edge's own state: what it means that it has expired is up to the options, not to the signature.</param>
    public VerifiedBundle Verify(ReadOnlyMemory<byte> document, DateTimeOffset now, bool wasInForce = false)
    {
        var text = Trim(document);
        if (text.Length > 0 && text.Span.IndexOfAnyExcept(CompactBytes) < 0 && text.Span.Count((byte)'.') == 2)
        {
            return VerifyCompact(text, now, wasInForce);
        }

        return PeerSignature.IsPeerForm(document.Span) ? VerifyPeer(document) : AcceptUnsigned(document);
    }

    private VerifiedBundle VerifyCompact(ReadOnlyMemory<byte> text, DateTimeOffset now, bool wasInForce)
    {
        if (keys.Count == 0)
        {
            return Refused("jws", EdgeCodes.NoSigningKey, "the bundle is signed, but no key to verify it with is configured", "set EDGEGUARD_SIGNING_KEY to kid:base64url");
        }

        var audience = options.EdgeId.Length > 0 ? options.EdgeId : "site";
        var result = _documents.Verify(text.Span, DocumentType.Bundle, audience, now, acceptExpired: wasInForce);
        return new VerifiedBundle("jws", result.Payload ?? [], result.Header, result.Problem);
    }

    private VerifiedBundle VerifyPeer(ReadOnlyMemory<byte> document)
    {
        if (!options.Bundle.AcceptPeer)
        {
            return NotAccepted("peer", "is signed in the peer's form");
        }

        var result = PeerSignature.Verify(document.Span, [.. keys]);
        return new VerifiedBundle("peer", result.Payload ?? [], null, result.Problem);
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

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> document)
    {
        return document[Ascii.Trim(document.Span)];
    }
}
