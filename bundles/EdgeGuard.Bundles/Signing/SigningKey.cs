using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGuard.Bundles.Signing;

/// <summary>An HMAC-SHA256 key with its id. Never printed: <see cref="ToString"/> gives the id only.</summary>
public sealed class SigningKey
{
    /// <summary>Least length of a key in bytes.</summary>
    public const int MinBytes = 32;

    // Far above any sensible key; bounds what a mistaken file can make us decode.
    private const int MaxTextLength = 4096;

    private readonly byte[] _bytes;

    /// <summary>Takes a copy of the key.</summary>
    /// <exception cref="ArgumentException">The key is shorter than <see cref="MinBytes"/> or the id is not 1 to 64 of <c>[A-Za-z0-9._-]</c>.</exception>
    public SigningKey(string id, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < MinBytes)
        {
            throw new ArgumentException($"A signing key has at least {MinBytes} bytes.", nameof(bytes));
        }

        if (!IsId(id))
        {
            throw new ArgumentException("A key id is 1 to 64 of A-Z a-z 0-9 . _ -", nameof(id));
        }

        Id = id;
        _bytes = bytes.ToArray();
    }

    private static System.Buffers.SearchValues<char> IdCharacters { get; } =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>The key's id.</summary>
    public string Id { get; }

    /// <summary>The secret itself; for signing code only.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Reads the text form <c>kid:base64url</c>, as <c>EDGEGUARD_SIGNING_KEY</c> holds it.</summary>
    /// <param name="text">The text; white space around it (a file's last line feed) does not count.</param>
    /// <param name="key">The key, or null.</param>
    /// <param name="error">What is wrong, without a part of the secret; empty when nothing is.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out SigningKey? key, out string error)
    {
        key = null;
        var trimmed = text.AsSpan().Trim();
        var colon = trimmed.IndexOf(':');
        if (colon < 0)
        {
            error = "a signing key is written kid:base64url, and there is no colon";
            return false;
        }

        var id = trimmed[..colon];
        if (!IsId(id))
        {
            error = "the key id before the colon is 1 to 64 of A-Z a-z 0-9 . _ -";
            return false;
        }

        var encoded = trimmed[(colon + 1)..];
        if (encoded.Length > MaxTextLength
            || !Ascii.IsValid(encoded)
            || !StrictBase64Url.TryDecode(Encoding.ASCII.GetBytes(encoded.ToArray()), out var bytes))
        {
            error = "the part after the colon is not base64url without padding (A-Z a-z 0-9 - _)";
            return false;
        }

        error = bytes.Length < MinBytes ? $"the key has {bytes.Length} bytes, and at least {MinBytes} are needed"
            : bytes.AsSpan().IndexOfAnyExcept(bytes[0]) < 0 ? "the key is one byte repeated, not a random key"
            : string.Empty;
        key = error.Length == 0 ? new SigningKey(id.ToString(), bytes) : null;
        CryptographicOperations.ZeroMemory(bytes);
        return key is not null;
    }

    /// <summary>A new random key of <see cref="MinBytes"/> bytes.</summary>
    /// <exception cref="ArgumentException">The id is malformed.</exception>
    public static SigningKey Generate(string id)
    {
        Span<byte> bytes = stackalloc byte[MinBytes];
        RandomNumberGenerator.Fill(bytes);
        var key = new SigningKey(id, bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return key;
    }

    /// <summary>The text form <c>kid:base64url</c>; shown once when an edge or site is set up.</summary>
    public string Export() => $"{Id}:{Base64Url.EncodeToString(_bytes)}";

    /// <inheritdoc />
    public override string ToString() => Id;

    private static bool IsId(ReadOnlySpan<char> id) => id.Length is > 0 and <= 64 && id.IndexOfAnyExcept(IdCharacters) < 0;
}
