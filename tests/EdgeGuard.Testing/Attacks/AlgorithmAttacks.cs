using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace EdgeGuard.Testing.Attacks;

/// <summary>Algorithms that are none, symmetric, not listed, or not the key's (RFC 8725 sections 2.1, 3.1 and 3.2).</summary>
internal static class AlgorithmAttacks
{
    private static readonly string[] SpellingsOfNone =
        ["none", "None", "NONE", "nOnE", "noNe", "none ", " none", "\\tnone", "none\\u0000", "n\\u006fne", "\\uff4eone"];

    private static readonly string[] OtherNames =
    [
        "", "HS256", "HS384", "HS512", "rs256", "RS-256", "RS256 ", " RS256", "RSA", "RS1", "RS384", "RS512", "PS256", "PS384", "PS512", "ES512", "ES256K",
        "SHA256withRSA", "dir", "A128KW", "A256GCMKW", "RSA-OAEP", "RSA1_5", "ECDH-ES", "PBES2-HS256+A128KW", "Ed25519", "Ed448", "EDDSA", "EdDSA ",
    ];

    public static IEnumerable<TokenAttack> All =>
    [
        .. SpellingsOfNone.Select((name, i) => new TokenAttack($"alg none, spelling {i}, signed", "algorithm", scene => scene.WithHeader(Header(name)))),
        .. SpellingsOfNone.Select((name, i) => new TokenAttack($"alg none, spelling {i}, unsigned", "malformed", scene => Unsigned(scene.WithHeader(Header(name))))),
        .. OtherNames.Select(name => new TokenAttack($"alg '{name}' is not listed", "algorithm", scene => scene.WithHeader(Header(name)))),
        new("alg is missing", "algorithm", scene => scene.WithHeader("""{"kid":"rsa-1"}""")),
        new("alg is a number", "malformed", scene => scene.WithHeader("""{"alg":5,"kid":"rsa-1"}""")),
        new("alg is null", "malformed", scene => scene.WithHeader("""{"alg":null,"kid":"rsa-1"}""")),
        new("alg is a list", "malformed", scene => scene.WithHeader("""{"alg":["RS256"],"kid":"rsa-1"}""")),
        .. Enumerable.Range(0, 8).SelectMany(i => (string[])["HS256", "HS384"], (i, name) =>
            new TokenAttack($"{name} with the public key as secret, form {i}", "algorithm", scene => Confused(scene, name, i))),
        new("HS512 with the public key as secret", "algorithm", scene => Confused(scene, "HS512", 0)),
        new("ES256 with an RSA key", "unknown_key", scene => scene.WithHeader("""{"alg":"ES256","kid":"rsa-1"}""")),
        new("RS256 with an EC key", "unknown_key", scene => scene.WithHeader("""{"alg":"RS256","kid":"ec-1"}""", "ec-1")),
        new("ES384 with a key on P-256", "unknown_key", scene => scene.WithHeader("""{"alg":"ES384","kid":"ec-1"}""", "ec-1")),
        new("ES256 with a key on P-384", "unknown_key", scene => scene.WithHeader("""{"alg":"ES256","kid":"ec384"}""", "ec384")),
        new("EdDSA with an EC key", "unknown_key", scene => scene.WithHeader("""{"alg":"EdDSA","kid":"ec-1"}""", "ec-1")),
        new("ES256 with an Ed25519 key", "unknown_key", scene => scene.WithHeader("""{"alg":"ES256","kid":"ed-1"}""", "ed-1")),
        new("PS256 signature under RS256", "bad_signature", scene => Resigned(scene, "PS256")),
        new("RS512 signature under RS256", "bad_signature", scene => Resigned(scene, "RS512")),
        new("RS384 signature under RS256", "bad_signature", scene => Resigned(scene, "RS384")),
    ];

    private static string Header(string name) => $$"""{"alg":"{{name}}","kid":"rsa-1"}""";

    private static string Unsigned(string token) => token[..(token.LastIndexOf('.') + 1)];

    private static string Resigned(AttackScene scene, string algorithm)
    {
        string good = scene.Good();
        return scene.Main.Key("rsa-1").SignText(good[..good.LastIndexOf('.')], algorithm);
    }

    private static string Confused(AttackScene scene, string algorithm, int form)
    {
        TestKey key = scene.Main.Key("rsa-1");
        JsonObject jwk = key.ToJwk();
        byte[] modulus = Base64Url.DecodeFromChars(jwk["n"]!.GetValue<string>());
        using RSA rsa = RSA.Create(new RSAParameters { Modulus = modulus, Exponent = [1, 0, 1] });
        byte[] secret = form switch
        {
            0 => Encoding.ASCII.GetBytes(key.ToPem()),
            1 => Encoding.ASCII.GetBytes(key.ToPem() + "\n"),
            2 => rsa.ExportSubjectPublicKeyInfo(),
            3 => rsa.ExportRSAPublicKey(),
            4 => Encoding.UTF8.GetBytes(jwk.ToJsonString()),
            5 => modulus,
            6 => [],
            _ => Encoding.UTF8.GetBytes(jwk["n"]!.GetValue<string>()),
        };
        string input = $"{AttackScene.Encode($$"""{"alg":"{{algorithm}}","kid":"rsa-1"}""")}.{AttackScene.Encode(scene.Claims().ToJsonString())}";
        byte[] bytes = Encoding.ASCII.GetBytes(input);
        byte[] signature = algorithm switch
        {
            "HS256" => HMACSHA256.HashData(secret, bytes),
            "HS384" => HMACSHA384.HashData(secret, bytes),
            _ => HMACSHA512.HashData(secret, bytes),
        };
        return $"{input}.{Base64Url.EncodeToString(signature)}";
    }
}
