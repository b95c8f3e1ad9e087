using EdgeGuard.Bundles.Diagnostics;

namespace EdgeGuard.Bundles.Signing;

/// <summary>Verifies signed documents: pinned algorithm, keys from configuration only, strict decoding, constant-time comparison.</summary>
public sealed class DocumentVerifier(TrustedKeys keys)
{
    /// <summary>Longest compact serialization accepted, in bytes: a bundle of 32 MiB, base64url, and room for the header.</summary>
    public const int MaxBytes = 48 * 1024 * 1024;

    private static readonly TimeSpan AllowedSkew = TimeSpan.FromMinutes(5);

    /// <summary>The keys trusted.</summary>
    public TrustedKeys Keys { get; } = keys;

    /// <summary>Verifies one compact serialization.</summary>
    /// <param name="compact">The bytes as received, without surrounding white space.</param>
    /// <param name="type">The only type accepted.</param>
    /// <param name="audience">The only audience accepted.</param>
    /// <param name="now">For <c>exp</c> (and <c>iat</c> more than 5 minutes ahead).</param>
    /// <param name="acceptExpired">Takes a document past its <c>exp</c>: only for one that was verified and in force before. The caller judges by the header.</param>
    public VerificationResult Verify(
        ReadOnlySpan<byte> compact, DocumentType type, string audience, DateTimeOffset now, bool acceptExpired = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(audience);
        var first = compact.IndexOf((byte)'.');
        var last = compact.LastIndexOf((byte)'.');
        if (compact.Length > MaxBytes || first < 1 || last <= first || compact[(first + 1)..last].Contains((byte)'.'))
        {
            return Refuse(SigningCodes.Malformed, "the document is not a JWS of three parts", "sign it with `edgeguard sign`, and pass it on unchanged");
        }

        if (first > 2 * RawHeader.MaxBytes
            || !StrictBase64Url.TryDecode(compact[..first], out var headerBytes)
            || !StrictBase64Url.TryDecode(compact[(last + 1)..], out var signature)
            || !StrictBase64Url.TryDecode(compact[(first + 1)..last], out var payload))
        {
            return Refuse(SigningCodes.Malformed, "a part of the document is not strict base64url", "pass the document on unchanged: no line breaks, no padding");
        }

        var header = RawHeader.TryRead(headerBytes, out var problem);
        if (header is null)
        {
            return Refuse(SigningCodes.BadHeader, $"the header of the document cannot be used: {problem}", "sign it with `edgeguard sign` or let the control plane sign it");
        }

        var refused = CheckPinned(header, type) ?? CheckSignature(header, compact[..last], signature) ?? CheckClaims(header, audience, now, acceptExpired);
        return refused is not null ? new VerificationResult(null, null, refused) : new VerificationResult(Convert(header, type), payload, null);
    }

    private static Diagnostic? CheckPinned(RawHeader header, DocumentType type)
    {
        if (!string.Equals(header.Algorithm, Hs256.Name, StringComparison.Ordinal))
        {
            return Problem(
                SigningCodes.AlgorithmRefused,
                $"algorithm '{Show(header.Algorithm)}' is refused: only {Hs256.Name} is accepted",
                "sign the document with `edgeguard sign`");
        }

        return string.Equals(header.Type, DocumentTypes.Name(type), StringComparison.Ordinal)
            ? null
            : Problem(
                SigningCodes.WrongType,
                $"the document is of type '{Show(header.Type)}', but '{DocumentTypes.Name(type)}' is expected here",
                "use the document for what it was signed for");
    }

    private Diagnostic? CheckSignature(RawHeader header, ReadOnlySpan<byte> input, ReadOnlySpan<byte> signature)
    {
        var key = Keys.Find(header.KeyId);
        if (key is null)
        {
            return Problem(
                SigningCodes.UnknownKey,
                $"the document is signed with key '{Show(header.KeyId)}', which is not configured here",
                "configure that key, or sign with one that is");
        }

        return Hs256.Verify(key, input, signature)
            ? null
            : Problem(
                SigningCodes.BadSignature,
                $"the signature does not fit: the document was changed, or was signed with another key of the id '{Show(header.KeyId)}'",
                "fetch or sign the document again, and compare the keys of both sides");
    }

    private static Diagnostic? CheckClaims(RawHeader header, string audience, DateTimeOffset now, bool acceptExpired)
    {
        if (!string.Equals(header.Audience, audience, StringComparison.Ordinal))
        {
            return Problem(
                SigningCodes.WrongAudience,
                $"the document is for '{Show(header.Audience)}', not for '{audience}'",
                "sign it for this edge or site (`edgeguard sign --audience`)");
        }

        if (!acceptExpired && header.ExpiresAt is { } seconds && DateTimeOffset.FromUnixTimeSeconds(seconds) is var expiresAt && now >= expiresAt)
        {
            return Problem(
                SigningCodes.Expired,
                $"the document expired at {Show(expiresAt)}; it is {Show(now)} here",
                "sign it again; if it is newer than that, correct the clock of this machine");
        }

        var issuedAt = DateTimeOffset.FromUnixTimeSeconds(header.IssuedAt);
        return issuedAt - now > AllowedSkew
            ? Problem(
                SigningCodes.FromTheFuture,
                $"the document was signed at {Show(issuedAt)}, more than {AllowedSkew.TotalMinutes} minutes ahead of the {Show(now)} here",
                "correct the clock of this machine or of the one that signs")
            : null;
    }

    private static DocumentHeader Convert(RawHeader header, DocumentType type) => new(
        type,
        header.KeyId,
        header.Audience,
        header.Issuer,
        header.Epoch,
        header.Sequence,
        DateTimeOffset.FromUnixTimeSeconds(header.IssuedAt),
        header.ExpiresAt is { } expiresAt ? DateTimeOffset.FromUnixTimeSeconds(expiresAt) : null);

    private static VerificationResult Refuse(string code, string message, string fix) => new(null, null, Problem(code, message, fix));

    private static Diagnostic Problem(string code, string message, string fix) =>
        new(code, Severity.Error, SourceLocation.None, string.Empty, message, fix);

    private static string Show(string text) => Reading.ReadSession.Shorten(text);

    private static string Show(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
}
