using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Bundles.Keys;
using PublicKey = EdgeGuard.Bundles.Keys.PublicKey;

namespace EdgeGuard.Identity.Keys;

/// <summary>SHA-256 thumbprints of keys as JWKs (RFC 7638; RFC 8037 appendix A.3 for Ed25519), by which a key is named without a registry.</summary>
internal static class KeyThumbprint
{
    /// <summary>The thumbprint, base64url.</summary>
    public static string Of(PublicKey key)
    {
        var first = Base64Url.EncodeToString(key.First.Span);
        var second = Base64Url.EncodeToString(key.Second.Span);
        var canonical = key.Kind switch
        {
            PublicKeyKind.Rsa => $$"""{"e":"{{second}}","kty":"RSA","n":"{{first}}"}""",
            PublicKeyKind.Ed25519 => $$"""{"crv":"Ed25519","kty":"OKP","x":"{{first}}"}""",
            var curve => $$"""{"crv":"{{NameOf(curve)}}","kty":"EC","x":"{{first}}","y":"{{second}}"}""",
        };
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(canonical)));
    }

    private static string NameOf(PublicKeyKind curve) => curve switch
    {
        PublicKeyKind.EcP256 => "P-256",
        PublicKeyKind.EcP384 => "P-384",
        _ => "P-521",
    };
}
