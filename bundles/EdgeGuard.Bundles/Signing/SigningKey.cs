namespace EdgeGuard.Bundles.Signing;

/// <summary>An HMAC-SHA256 key with its id. Never printed: <see cref="ToString"/> gives the id only.</summary>
public sealed class SigningKey
{
    /// <summary>Least length of a key in bytes.</summary>
    public const int MinBytes = 32;

    private readonly byte[] _bytes;

    /// <summary>Takes a copy of the key.</summary>
    /// <exception cref="ArgumentException">The key is shorter than <see cref="MinBytes"/> or the id is not 1 to 64 of <c>[A-Za-z0-9._-]</c>.</exception>
    public SigningKey(string id, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < MinBytes)
        {
            throw new ArgumentException($"A signing key has at least {MinBytes} bytes.", nameof(bytes));
        }

        if (id is not { Length: > 0 and <= 64 } || id.AsSpan().IndexOfAnyExcept(IdCharacters) >= 0)
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
    public static bool TryParse(string text, out SigningKey? key, out string error) => throw new NotImplementedException();

    /// <summary>The text form <c>kid:base64url</c>; shown once when an edge or site is set up.</summary>
    public string Export() => throw new NotImplementedException();

    /// <inheritdoc />
    public override string ToString() => Id;
}
