using System.Collections.Frozen;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Identity.Tokens;

/// <summary>From a verified token to what is known of its caller.</summary>
internal static class TokenCredential
{
    private const string DefaultScopeClaim = "scope";
    private const string DefaultOrganizationClaim = "org";

    /// <summary>The credential.</summary>
    /// <param name="token">A token that verified.</param>
    /// <param name="issuer">Its issuer, or null when verification is off.</param>
    public static Credential Create(TokenFacts token, IssuerDefinition? issuer)
    {
        var claims = token.Claims;
        return new Credential
        {
            Kind = CredentialKinds.Jwt,
            Outcome = CredentialOutcome.Verified,
            Values = claims.Values,
            Lists = claims.Lists,
            Scopes = ScopesOf(claims, issuer?.ScopeClaim ?? DefaultScopeClaim),
            SourceId = issuer?.Id ?? string.Empty,
            IssuedAt = token.IssuedAt is { } seconds ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : null,
            TokenId = claims.Values.GetValueOrDefault("jti"),
            Organization = claims.Values.GetValueOrDefault(issuer?.OrganizationClaim ?? DefaultOrganizationClaim),
            Subject = claims.Values.GetValueOrDefault("sub"),
        };
    }

    // RFC 8693 section 4.2 parts scopes by blanks; several providers write a list instead.
    private static FrozenSet<string> ScopesOf(TokenClaims claims, string path)
    {
        if (claims.Lists.TryGetValue(path, out var list))
        {
            return list;
        }

        return claims.Values.TryGetValue(path, out var text)
            ? text.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal)
            : FrozenSet<string>.Empty;
    }
}
