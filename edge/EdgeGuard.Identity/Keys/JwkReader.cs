using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeGuard.Bundles.Signing;
using Microsoft.IdentityModel.Tokens;

namespace EdgeGuard.Identity.Keys;

/// <summary>Reads one public key of a JWK set (RFC 7517, RFC 7518 section 6): RSA from 2048 bits, and EC on P-256, P-384 and P-521.</summary>
internal static class JwkReader
{
    private const int MinRsaBits = 2048;

    // Verifying grows with the square of the size; nobody signs with more.
    private const int MaxRsaBits = 8192;

    private static readonly string[] RsaAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];

    // Private parts of RSA and EC keys (RFC 7518 sections 6.2.2 and 6.3.2), and the value of a symmetric key (6.4.1).
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    /// <summary>Whether the key holds more than a public key does.</summary>
    public static bool HasPrivatePart(JsonElement jwk) =>
        jwk.ValueKind == JsonValueKind.Object && PrivateMembers.Any(name => jwk.TryGetProperty(name, out _));

    /// <summary>The key; or false, with the reason unless it is simply of a kind or for a use that is not ours.</summary>
    public static bool TryRead(JsonElement jwk, [NotNullWhen(true)] out VerificationKey? key, out string why)
    {
        key = null;
        why = string.Empty;
        if (jwk.ValueKind != JsonValueKind.Object)
        {
            why = "it is not an object";
            return false;
        }

        if (Text(jwk, "use") is { } use && use != "sig")
        {
            return false;
        }

        if (jwk.TryGetProperty("key_ops", out var operations)
            && (operations.ValueKind != JsonValueKind.Array || !operations.EnumerateArray().Any(o => o.ValueKind == JsonValueKind.String && o.ValueEquals("verify"))))
        {
            return false;
        }

        try
        {
            (key, why) = Text(jwk, "kty") switch
            {
                "RSA" => ReadRsa(jwk),
                "EC" => ReadEc(jwk),
                null => (null, "it has no kty"),
                _ => (null, string.Empty),
            };
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            why = "its numbers are no valid key";
        }

        return key is not null;
    }

    private static (VerificationKey? Key, string Why) ReadRsa(JsonElement jwk)
    {
        if (Bytes(jwk, "n") is not { } modulus || Bytes(jwk, "e") is not { Length: > 0 and <= 4 } exponent)
        {
            return (null, "n or e is missing or malformed");
        }

        var parameters = new RSAParameters { Modulus = modulus, Exponent = exponent };
        using (var rsa = RSA.Create(parameters))
        {
            if (rsa.KeySize is < MinRsaBits or > MaxRsaBits)
            {
                return (null, $"an RSA key has {MinRsaBits} to {MaxRsaBits} bits, this one {rsa.KeySize}");
            }
        }

        if ((exponent[^1] & 1) == 0 || (exponent.Length == 1 && exponent[0] < 3))
        {
            return (null, "its exponent is not an odd number from 3");
        }

        var id = Text(jwk, "kid");
        var fingerprint = $"RSA {Convert.ToHexString(modulus)} {Convert.ToHexString(exponent)}";
        return Finish(jwk, id, RsaAlgorithms, new RsaSecurityKey(parameters) { KeyId = id }, fingerprint);
    }

    private static (VerificationKey? Key, string Why) ReadEc(JsonElement jwk)
    {
        var name = Text(jwk, "crv");
        (ECCurve Curve, string Algorithm, int Size)? known = name switch
        {
            "P-256" => (ECCurve.NamedCurves.nistP256, "ES256", 32),
            "P-384" => (ECCurve.NamedCurves.nistP384, "ES384", 48),
            "P-521" => (ECCurve.NamedCurves.nistP521, "ES512", 66),
            _ => null,
        };
        if (known is not { } curve)
        {
            return (null, string.Empty);
        }

        // RFC 7518 section 6.2.1.2: a coordinate has the full length of the field.
        if (Bytes(jwk, "x") is not { } x || Bytes(jwk, "y") is not { } y || x.Length != curve.Size || y.Length != curve.Size)
        {
            return (null, "x or y is missing, malformed or of the wrong length");
        }

        // Throws for a point that is not on the curve.
        using (ECDsa.Create(new ECParameters { Curve = curve.Curve, Q = new ECPoint { X = x, Y = y } }))
        {
        }

        // As a JWK the framework makes an ECDsa of its own for each user: one shared object is not said to be thread-safe.
        var id = Text(jwk, "kid");
        var key = new JsonWebKey { Kty = "EC", Crv = name, X = Text(jwk, "x"), Y = Text(jwk, "y"), KeyId = id };
        return Finish(jwk, id, [curve.Algorithm], key, $"EC {name} {Convert.ToHexString(x)} {Convert.ToHexString(y)}");
    }

    private static (VerificationKey? Key, string Why) Finish(JsonElement jwk, string? id, string[] algorithms, SecurityKey key, string fingerprint)
    {
        if (Text(jwk, "alg") is not { } named)
        {
            return (new VerificationKey(id, algorithms, key, fingerprint), string.Empty);
        }

        return algorithms.Contains(named, StringComparer.Ordinal)
            ? (new VerificationKey(id, [named], key, fingerprint), string.Empty)
            : (null, "its alg does not fit its kty");
    }

    private static string? Text(JsonElement jwk, string name) =>
        jwk.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[]? Bytes(JsonElement jwk, string name) =>
        Text(jwk, name) is { Length: > 0 } text && StrictBase64Url.TryDecode(Encoding.UTF8.GetBytes(text), out var bytes) ? bytes : null;
}
