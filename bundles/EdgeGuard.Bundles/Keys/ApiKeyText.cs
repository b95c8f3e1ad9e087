using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGuard.Bundles.Keys;

/// <summary>
/// The text of an API key: <c>sk_live_</c>, <c>sk_test_</c>, <c>pk_live_</c> or <c>pk_test_</c>, then 43 random characters of base62
/// (256.03 bits), then 6 characters of base62 with the CRC-32C of all that stands before. The checksum tells a typo, or a text that only looks
/// like a key, from a key without a look-up; it protects nothing.
/// </summary>
public static class ApiKeyText
{
    /// <summary>Length of every key in characters, all of them ASCII.</summary>
    public const int Length = PrefixLength + RandomLength + ChecksumLength;

    /// <summary>Beginning of every secret key.</summary>
    public const string SecretPrefix = "sk_";

    /// <summary>Beginning of every publishable key.</summary>
    public const string PublishablePrefix = "pk_";

    private const int PrefixLength = 8;
    private const int RandomLength = 43;
    private const int ChecksumLength = 6;
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>A new key.</summary>
    /// <param name="isPublishable">Whether it may stand in a web page.</param>
    /// <param name="environment"><c>live</c> or <c>test</c>.</param>
    public static string Create(bool isPublishable, string environment)
    {
        var prefix = (isPublishable ? PublishablePrefix : SecretPrefix) + environment + "_";
        if (environment is not ("live" or "test"))
        {
            throw new ArgumentOutOfRangeException(nameof(environment));
        }

        return string.Create(Length, prefix, static (text, prefix) =>
        {
            prefix.CopyTo(text);
            RandomNumberGenerator.GetItems(Alphabet, text.Slice(PrefixLength, RandomLength));
            WriteChecksum(text[..^ChecksumLength], text[^ChecksumLength..]);
        });
    }

    /// <summary>Whether a text begins as an API key does, whatever follows.</summary>
    public static bool LooksLikeKey(ReadOnlySpan<char> text) =>
        text.StartsWith(SecretPrefix, StringComparison.Ordinal) || text.StartsWith(PublishablePrefix, StringComparison.Ordinal);

    /// <summary>Whether a text has the form of a key and the checksum fits.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        if (text.Length != Length || !LooksLikeKey(text) || !(text[3..].StartsWith("live_", StringComparison.Ordinal) || text[3..].StartsWith("test_", StringComparison.Ordinal)))
        {
            return false;
        }

        foreach (var c in text[PrefixLength..])
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                return false;
            }
        }

        Span<char> checksum = stackalloc char[ChecksumLength];
        WriteChecksum(text[..^ChecksumLength], checksum);
        return text[^ChecksumLength..].SequenceEqual(checksum);
    }

    /// <summary>SHA-256 of a well-formed key. Plain is enough: 256 random bits cannot be guessed.</summary>
    /// <param name="key">The whole key.</param>
    /// <param name="digest">32 bytes.</param>
    public static void Digest(ReadOnlySpan<char> key, Span<byte> digest)
    {
        Span<byte> bytes = stackalloc byte[Length];
        var length = Encoding.ASCII.GetBytes(key[..Math.Min(key.Length, Length)], bytes);
        SHA256.HashData(bytes[..length], digest);
        CryptographicOperations.ZeroMemory(bytes);
    }

    /// <summary>SHA-256 of a key as a bundle writes it: 64 hex digits in lower case.</summary>
    public static string DigestText(ReadOnlySpan<char> key)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Digest(key, digest);
        return Convert.ToHexStringLower(digest);
    }

    private static void WriteChecksum(ReadOnlySpan<char> text, Span<char> checksum)
    {
        var crc = uint.MaxValue;
        foreach (var c in text)
        {
            crc = BitOperations.Crc32C(crc, (byte)c);
        }

        crc = ~crc;
        for (var i = checksum.Length - 1; i >= 0; i--)
        {
            checksum[i] = Alphabet[(int)(crc % (uint)Alphabet.Length)];
            crc /= (uint)Alphabet.Length;
        }
    }
}
