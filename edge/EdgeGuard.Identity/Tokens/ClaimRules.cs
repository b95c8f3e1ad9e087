using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Identity.Tokens;

/// <summary>
/// What an issuer's tokens must say (RFC 7519, RFC 8725). Checked each time that a token is used, remembered or not, and before the signature, because it
/// costs a thousandth of it. Allocates nothing.
/// </summary>
internal static class ClaimRules
{
    private const string MediaTypePrefix = "application/";

    /// <summary>The first rule that a token breaks, or null.</summary>
    public static string? Check(TokenFacts token, IssuerDefinition issuer, DateTimeOffset now)
    {
        if (!Contains(issuer.Algorithms, token.Algorithm))
        {
            return TokenFailures.Algorithm;
        }

        if (!IsTypeAccepted(token.Type, issuer.TokenType))
        {
            return TokenFailures.Type;
        }

        return !HasAudience(token, issuer) ? TokenFailures.Audience
            : CheckTimes(token, issuer, now)
            ?? (HasRequiredClaims(token.Claims, issuer.RequiredClaims) ? null : TokenFailures.RequiredClaim);
    }

    private static string? CheckTimes(TokenFacts token, IssuerDefinition issuer, DateTimeOffset now)
    {
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

        if ((token.NotBefore is { } notBefore && seconds < notBefore - skew) || (token.IssuedAt is { } issued && seconds < issued - skew))
        {
            return TokenFailures.NotYetValid;
        }

        if (issuer.MaxAge is null && issuer.MaxLifetime is null)
        {
            return null;
        }

        if (token.IssuedAt is not { } issuedAt)
        {
            return TokenFailures.NoIssueTime;
        }

        if (issuer.MaxAge is { } maxAge && seconds >= issuedAt + maxAge.TotalSeconds + skew)
        {
            return TokenFailures.TooOld;
        }

        return issuer.MaxLifetime is { } maxLifetime && expiresAt - issuedAt > maxLifetime.TotalSeconds ? TokenFailures.TooLongLived : null;
    }

    private static bool HasAudience(TokenFacts token, IssuerDefinition issuer)
    {
        foreach (var audience in token.Audiences)
        {
            if (Contains(issuer.Audiences, audience))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasRequiredClaims(TokenClaims claims, ImmutableArray<KeyValuePair<string, string>> required)
    {
        foreach (var (path, value) in required)
        {
            var isMet = claims.Values.TryGetValue(path, out var actual)
                ? string.Equals(actual, value, StringComparison.Ordinal)
                : claims.Lists.TryGetValue(path, out var items) && items.Contains(value);
            if (!isMet)
            {
                return false;
            }
        }

        return true;
    }

    private static bool Contains(ImmutableArray<string> list, string value)
    {
        foreach (var item in list)
        {
            if (string.Equals(item, value, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
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
