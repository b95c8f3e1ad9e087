using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Keys;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace EdgeGuard.Identity.Tokens;

/// <summary>Verifies a token's signature with one key and one algorithm, both chosen before from configuration.</summary>
internal static class SignatureCheck
{
    private static readonly JsonWebTokenHandler Handler = new() { MaximumTokenSizeInBytes = BearerHeader.MaxLength };

    /// <summary>Whether the signature fits. Never throws.</summary>
    public static async Task<bool> PassesAsync(string token, ParsedToken parsed, IssuerDefinition issuer, VerificationKey key)
    {
        var parameters = new TokenValidationParameters
        {
            IssuerSigningKey = key.Key,
            TryAllIssuerSigningKeys = false,

            // The token's kid has chosen the key already; the handler must neither look for another nor insist on an id.
            IssuerSigningKeyResolver = (_, _, _, _) => [key.Key],
            ValidAlgorithms = [parsed.Algorithm],
            ValidIssuer = issuer.Issuer,
            ValidAudiences = issuer.Audiences,
            RequireSignedTokens = true,
            RequireExpirationTime = true,

            // The handler would ask the machine's clock; ClaimRules has asked the injected one.
            ValidateLifetime = false,
        };
        try
        {
            var result = await Handler.ValidateTokenAsync(token, parameters);
            return result.IsValid;
        }
        catch (Exception)
        {
            return false;
        }
    }
}
