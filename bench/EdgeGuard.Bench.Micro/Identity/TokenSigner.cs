using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Crypto;

namespace EdgeGuard.Bench.Micro.Identity;

/// <summary>An issuer with one key, and tokens of it such as providers give out: some 500 to 700 bytes.</summary>
internal sealed class TokenSigner
{
    private readonly string _algorithm;
    private readonly Func<byte[], byte[]> _sign;

    private TokenSigner(string algorithm, string publicKey, Func<byte[], byte[]> sign)
    {
        _algorithm = algorithm;
        _sign = sign;
        Issuer = new IssuerDefinition
        {
            Id = "bench",
            Issuer = "https://login.example.com",
            Audiences = ["api"],
            Algorithms = [algorithm],
            Keys = [new InlineKeyDefinition("key-1", publicKey)],
        };
    }

    public static ImmutableArray<string> Algorithms { get; } = ["RS256", "PS256", "ES256", "ES384", "EdDSA"];

    public IssuerDefinition Issuer { get; }

    public static TokenSigner Create(string algorithm)
    {
        switch (algorithm)
        {
            case "ES256":
                var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                return new(algorithm, ec.ExportSubjectPublicKeyInfoPem(), data => ec.SignData(data, HashAlgorithmName.SHA256));
            case "ES384":
                var larger = ECDsa.Create(ECCurve.NamedCurves.nistP384);
                return new(algorithm, larger.ExportSubjectPublicKeyInfoPem(), data => larger.SignData(data, HashAlgorithmName.SHA384));
            case "EdDSA":
                var seed = RandomNumberGenerator.GetBytes(Ed25519.KeySize);
                var jwk = $$"""{"kty":"OKP","crv":"Ed25519","x":"{{Base64Url.EncodeToString(Ed25519.GetPublicKey(seed))}}"}""";
                return new(algorithm, jwk, data => Ed25519.Sign(seed, data));
            default:
                var rsa = RSA.Create(2048);
                var padding = algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
                return new(algorithm, rsa.ExportSubjectPublicKeyInfoPem(), data => rsa.SignData(data, HashAlgorithmName.SHA256, padding));
        }
    }

    /// <summary>The value of an Authorization header with the token of one user, valid for a day.</summary>
    public string Bearer(int user) => "Bearer " + Token(user);

    /// <summary>The token of one user, valid for a day.</summary>
    /// <param name="user">Number of the user.</param>
    /// <param name="more">More members of the payload, with a comma before each.</param>
    public string Token(int user, string more = "")
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var header = $$"""{"alg":"{{_algorithm}}","typ":"JWT","kid":"key-1"}""";
        var claims = string.Create(CultureInfo.InvariantCulture, $$$"""
            {"iss":"https://login.example.com","aud":"api","sub":"user-{{{user:d8}}}","iat":{{{now}}},"exp":{{{now + 86400}}},"jti":"{{{user:d32}}}","org":"acme","email_verified":true,"scope":"items.read items.write","realm_access":{"roles":["user","editor"]}{{{more}}}}
            """);
        var input = Encode(header) + "." + Encode(claims);
        return input + "." + Base64Url.EncodeToString(_sign(Encoding.ASCII.GetBytes(input)));
    }

    /// <summary>A part of a token.</summary>
    public static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
