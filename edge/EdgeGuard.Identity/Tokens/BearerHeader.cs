using System.Buffers;
using EdgeGuard.Bundles.Keys;

namespace EdgeGuard.Identity.Tokens;

/// <summary>The token in the value of an Authorization header (RFC 6750 section 2.1, scheme as RFC 9110 section 11.1).</summary>
internal static class BearerHeader
{
    /// <summary>Longest header value for a longest token of so many characters: the scheme, and blanks beyond the usual one.</summary>
    public static int LengthFor(int maxToken) => maxToken + 16;

    private const string Scheme = "Bearer";

    // RFC 9449 section 7.1; what goes with it is checked elsewhere, on every request.
    private const string DpopScheme = "DPoP";

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    /// <summary>
    /// The token; or false with the failure, which is null when the header carries other credentials than a bearer token (or none).
    /// </summary>
    /// <param name="authorization">The header's value.</param>
    /// <param name="maxToken">Longest token, in characters.</param>
    /// <param name="token">The token, a part of the value: nothing is copied, so that one that is too long costs nothing.</param>
    /// <param name="failure">Why there is none.</param>
    public static bool TryGetToken(ReadOnlySpan<char> authorization, int maxToken, out ReadOnlySpan<char> token, out string? failure)
    {
        token = default;
        failure = null;
        var value = authorization.Trim(" \t");
        var scheme = value.StartsWith(DpopScheme, StringComparison.OrdinalIgnoreCase) ? DpopScheme : Scheme;
        if (!value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) || (value.Length > scheme.Length && value[scheme.Length] != ' '))
        {
            return false;
        }

        // No header of a token begins like this: "{" is "ey" in base64url.
        var credentials = value[scheme.Length..].TrimStart(' ');
        if (ApiKeyText.LooksLikeKey(credentials))
        {
            return false;
        }

        if (credentials.Length > maxToken || authorization.Length > LengthFor(maxToken))
        {
            failure = TokenFailures.TooLarge;
            return false;
        }

        // A comma or a space inside means several values that somebody joined: which one counts is not ours to guess.
        if (credentials.IsEmpty || credentials.IndexOfAnyExcept(TokenCharacters) >= 0 || credentials.Count('.') != 2)
        {
            failure = TokenFailures.Malformed;
            return false;
        }

        token = credentials;
        return true;
    }
}
