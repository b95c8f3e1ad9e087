using System.Text;
using System.Text.Json;
using EdgeGuard.Bundles.Keys;
using EdgeGuard.Bundles.Signing;
using EdgeGuard.Identity.Keys;

namespace EdgeGuard.Identity.Binding;

/// <summary>A DPoP proof as it says (RFC 9449 section 4.2). Nothing of it is verified but that its key is a public one, fit for its algorithm.</summary>
internal sealed record DpopProof
{
    /// <summary>Longest proof looked at, in characters; with an RSA key of 4096 bits it has 2 KiB.</summary>
    public const int MaxLength = 8192;

    private const int MaxIdLength = 256;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    public required ProofKey Key { get; init; }

    public required ArraySegment<byte> SigningInput { get; init; }

    public required byte[] Signature { get; init; }

    /// <summary><c>jti</c>.</summary>
    public required string Id { get; init; }

    /// <summary><c>htm</c>.</summary>
    public required string Method { get; init; }

    /// <summary><c>htu</c>.</summary>
    public required string Address { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public required long IssuedAt { get; init; }

    /// <summary><c>ath</c>, or null.</summary>
    public string? TokenHash { get; init; }

    public string? Nonce { get; init; }

    /// <summary>Reads a proof; null for what is none, and for a key that this machine cannot verify with.</summary>
    /// <param name="text">The proof.</param>
    /// <param name="known">Headers that were read before, or null.</param>
    public static DpopProof? Read(string text, ProofKeys? known = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        var first = text.IndexOf('.', StringComparison.Ordinal);
        var last = text.LastIndexOf('.');
        if (text.Length > MaxLength || first < 0 || first == last || text.AsSpan(first + 1, last - first - 1).Contains('.'))
        {
            return null;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length != text.Length
            || !StrictBase64Url.TryDecode(bytes.AsSpan((first + 1)..last), out var payload)
            || !StrictBase64Url.TryDecode(bytes.AsSpan((last + 1)..), out var signature)
            || signature.Length == 0)
        {
            return null;
        }

        try
        {
            if ((known?.Find(text.AsSpan(0, first)) ?? ReadHeader(text[..first])) is not { } key)
            {
                return null;
            }

            using var body = JsonDocument.Parse(payload, Strict);
            return Read(body.RootElement, key, new ArraySegment<byte>(bytes, 0, last), signature);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static ProofKey? ReadHeader(string text)
    {
        if (!StrictBase64Url.TryDecode(Encoding.UTF8.GetBytes(text), out var json))
        {
            return null;
        }

        using var document = JsonDocument.Parse(json, Strict);
        var header = document.RootElement;
        if (header.ValueKind != JsonValueKind.Object
            || Text(header, "typ") != "dpop+jwt"
            || header.TryGetProperty("crit", out _)
            || header.TryGetProperty("b64", out _)
            || Text(header, "alg") is not { } algorithm
            || !header.TryGetProperty("jwk", out var jwk))
        {
            return null;
        }

        // Only asymmetric algorithms that fit the key are in its list: neither none nor HMAC ever is.
        return PublicKeyReader.Read(jwk).Key is { } key
            && key.Algorithms.Contains(algorithm, StringComparer.Ordinal)
            && VerificationKey.Create(null, key, out _) is { } usable
                ? new ProofKey(text, algorithm, usable, KeyThumbprint.Of(key))
                : null;
    }

    private static DpopProof? Read(JsonElement payload, ProofKey key, ArraySegment<byte> signingInput, byte[] signature)
    {
        if (payload.ValueKind != JsonValueKind.Object
            || Text(payload, "jti") is not { Length: > 0 and <= MaxIdLength } id
            || Text(payload, "htm") is not { } method
            || Text(payload, "htu") is not { } address
            || !payload.TryGetProperty("iat", out var iat)
            || iat.ValueKind != JsonValueKind.Number
            || !iat.TryGetDouble(out var issuedAt)
            || issuedAt is not (>= 0 and < 1L << 40))
        {
            return null;
        }

        return new DpopProof
        {
            Key = key,
            SigningInput = signingInput,
            Signature = signature,
            Id = id,
            Method = method,
            Address = address,
            IssuedAt = (long)issuedAt,
            TokenHash = Text(payload, "ath"),
            Nonce = Text(payload, "nonce"),
        };
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
