using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Identity.Tokens;

/// <summary>What an issuer's tokens must say (RFC 7519, RFC 8725). Checked before the signature, because it costs a thousandth of it.</summary>
internal static class ClaimRules
{
    private const string MediaTypePrefix = "application/";

    /// <summary>The first rule that a token breaks, or null.</summary>
    public static string? Check(ParsedToken token, IssuerDefinition issuer, DateTimeOffset now)
    {
        if (!issuer.Algorithms.Contains(token.Algorithm, StringComparer.Ordinal))
        {
            return TokenFailures.Algorithm;
        }

        if (!IsTypeAccepted(token.Type, issuer.TokenType))
        {
            return TokenFailures.Type;
        }

        if (!token.Audiences.Exists(audience => issuer.Audiences.Contains(audience, StringComparer.Ordinal)))
        {
            return TokenFailures.Audience;
        }

        if (token.ExpiresAt is not { } expiresAt)
        {
            return TokenFailures.NoExpiry;
        }

        var seconds = now.ToUnixTimeMilliseconds() / 1000d;
        var skew = issuer.ClockSkew.TotalSeconds;
        if (seconds >= expiresAt + skew)
        {
            return TokenFailures.Expired;
        }

        return token.NotBefore is { } notBefore && seconds < notBefore - skew ? TokenFailures.NotYetValid : null;
    }

    // Media types compare without case, and may be written with or without "application/" (RFC 7515 section 4.1.9).
    private static bool IsTypeAccepted(string? type, string? expected)
    {
        if (type is null)
        {
            return expected is null;
        }

        var actual = Strip(type);
        return expected is null
            ? actual.Equals("JWT", StringComparison.OrdinalIgnoreCase) || actual.Equals("at+jwt", StringComparison.OrdinalIgnoreCase)
            : actual.Equals(Strip(expected), StringComparison.OrdinalIgnoreCase);
    }

    private static ReadOnlySpan<char> Strip(string type) =>
        type.StartsWith(MediaTypePrefix, StringComparison.OrdinalIgnoreCase) ? type.AsSpan(MediaTypePrefix.Length) : type;
}
