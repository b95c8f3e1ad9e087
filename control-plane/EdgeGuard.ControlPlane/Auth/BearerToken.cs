using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGuard.ControlPlane.Auth;

/// <summary>Tokens: a prefix that tells people and secret scanners what it is, and 256 random bits. Only the SHA-256 is ever stored.</summary>
internal static class BearerToken
{
    /// <summary>Prefix of a person's access token.</summary>
    public const string UserPrefix = "egu_";

    /// <summary>Prefix of an edge's token.</summary>
    public const string EdgePrefix = "egt_";

    /// <summary>Length of every token: prefix and 43 characters of base64url.</summary>
    public const int Length = 47;

    /// <summary>A new token.</summary>
    public static string Create(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What is stored and looked up. A plain hash is enough: 256 random bits cannot be guessed.</summary>
    public static byte[] Hash(string token) => SHA256.HashData(Encoding.ASCII.GetBytes(token));

    /// <summary>Whether a text has the form of a token.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text) =>
        text.Length == Length &&
        (text.StartsWith(UserPrefix, StringComparison.Ordinal) || text.StartsWith(EdgePrefix, StringComparison.Ordinal)) &&
        Base64Url.IsValid(text[UserPrefix.Length..]);
}
