using System.Text;
using System.Text.Json;
using EdgeGuard.Bundles.Signing;

namespace EdgeGuard.Bundles.Keys;

/// <summary>
/// Reads a public key as a JWK (RFC 7517, RFC 7518 section 6, RFC 8037) or as PEM (SubjectPublicKeyInfo, RFC 7468 section 13): RSA from 2048 to
/// 8192 bits, EC on P-256, P-384 and P-521, and Ed25519. Never throws for bad input.
/// </summary>
public static class PublicKeyReader
{
    /// <summary>Longest text read, in characters; an RSA key of 8192 bits has 1.5 KiB.</summary>
    public const int MaxLength = 8192;

    // Private parts of RSA, EC and OKP keys (RFC 7518 sections 6.2.2 and 6.3.2, RFC 8037 section 2), and the value of a symmetric key (6.4.1).
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>Reads PEM, or one JWK as JSON text.</summary>
    public static PublicKeyRead Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxLength)
        {
            return PublicKeyRead.Invalid($"it is longer than {MaxLength} characters");
        }

        var trimmed = text.AsSpan().Trim();
        if (trimmed.StartsWith("-----", StringComparison.Ordinal))
        {
            return PemKey.Read(trimmed);
        }

        if (!trimmed.StartsWith("{", StringComparison.Ordinal))
        {
            return PublicKeyRead.Invalid("it is neither PEM nor a JWK");
        }

        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return PublicKeyRead.Invalid("it is not valid JSON");
        }
    }

    /// <summary>Reads one JWK.</summary>
    public static PublicKeyRead Read(JsonElement jwk)
    {
        try
        {
            return ReadObject(jwk);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, written as an escape.
            return PublicKeyRead.Invalid("a text in it is malformed");
        }
    }

    private static PublicKeyRead ReadObject(JsonElement jwk)
    {
        if (jwk.ValueKind != JsonValueKind.Object)
        {
            return PublicKeyRead.Invalid("it is not an object");
        }

        if (PrivateMembers.Any(name => jwk.TryGetProperty(name, out _)))
        {
            return new PublicKeyRead(null, PublicKeyProblem.HoldsPrivateKey, "it holds a private or symmetric key");
        }

        if (Text(jwk, "use") is { } use && use != "sig")
        {
            return PublicKeyRead.NotForUs("its use is not sig");
        }

        if (jwk.TryGetProperty("key_ops", out var operations)
            && (operations.ValueKind != JsonValueKind.Array || !operations.EnumerateArray().Any(o => o.ValueKind == JsonValueKind.String && o.ValueEquals("verify"))))
        {
            return PublicKeyRead.NotForUs("its key_ops do not have verify");
        }

        return Text(jwk, "kty") switch
        {
            "RSA" => ReadRsa(jwk),
            "EC" => ReadEc(jwk),
            "OKP" => ReadOkp(jwk),
            null => PublicKeyRead.Invalid("it has no kty"),
            _ => PublicKeyRead.NotForUs("its kty is none of RSA, EC and OKP"),
        };
    }

    private static PublicKeyRead ReadRsa(JsonElement jwk) =>
        Bytes(jwk, "n") is { } modulus && Bytes(jwk, "e") is { } exponent
            ? Finish(jwk, PublicKeyKind.Rsa, modulus, exponent, KeyNumbers.CheckRsa(modulus, exponent))
            : PublicKeyRead.Invalid("n or e is missing or malformed");

    private static PublicKeyRead ReadEc(JsonElement jwk)
    {
        var name = Text(jwk, "crv");
        PublicKeyKind? known = name switch
        {
            "P-256" => PublicKeyKind.EcP256,
            "P-384" => PublicKeyKind.EcP384,
            "P-521" => PublicKeyKind.EcP521,
            _ => null,
        };
        if (known is not { } kind)
        {
            return PublicKeyRead.NotForUs("its crv is none of P-256, P-384 and P-521");
        }

        return Bytes(jwk, "x") is { } x && Bytes(jwk, "y") is { } y
            ? Finish(jwk, kind, x, y, KeyNumbers.CheckEc(kind, x, y))
            : PublicKeyRead.Invalid("x or y is missing or malformed");
    }

    private static PublicKeyRead ReadOkp(JsonElement jwk)
    {
        if (Text(jwk, "crv") != "Ed25519")
        {
            return PublicKeyRead.NotForUs("its crv is not Ed25519");
        }

        return Bytes(jwk, "x") is { } x
            ? Finish(jwk, PublicKeyKind.Ed25519, x, [], Ed25519Point.Check(x))
            : PublicKeyRead.Invalid("x is missing or malformed");
    }

    private static PublicKeyRead Finish(JsonElement jwk, PublicKeyKind kind, byte[] first, byte[] second, string? why)
    {
        if (why is not null)
        {
            return PublicKeyRead.Invalid(why);
        }

        var algorithm = Text(jwk, "alg");
        return algorithm is null || PublicKey.AlgorithmsOf(kind).Contains(algorithm, StringComparer.Ordinal)
            ? PublicKeyRead.Of(new PublicKey(kind, first, second, Text(jwk, "kid"), algorithm))
            : PublicKeyRead.Invalid("its alg does not fit its kty");
    }

    private static string? Text(JsonElement jwk, string name) =>
        jwk.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[]? Bytes(JsonElement jwk, string name) =>
        Text(jwk, name) is { Length: > 0 } text && StrictBase64Url.TryDecode(Encoding.UTF8.GetBytes(text), out var bytes) ? bytes : null;
}
