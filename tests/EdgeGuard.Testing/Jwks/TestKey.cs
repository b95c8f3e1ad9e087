using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeGuard.Testing;

/// <summary>A key that signs tokens: RSA, EC or Ed25519.</summary>
public sealed class TestKey : IDisposable
{
    private readonly RSA? _rsa;
    private readonly ECDsa? _ec;
    private readonly byte[]? _seed;

    private TestKey(string id, RSA? rsa, ECDsa? ec, byte[]? seed)
    {
        Id = id;
        _rsa = rsa;
        _ec = ec;
        _seed = seed;
    }

    public string Id { get; }

    /// <summary>What <see cref="Sign(JsonObject)"/> signs with: RS256, ES256, ES384, ES512 or EdDSA.</summary>
    public string Algorithm => _rsa is not null ? "RS256" : _seed is not null ? "EdDSA" : _ec!.KeySize switch { 256 => "ES256", 384 => "ES384", _ => "ES512" };

    public static TestKey CreateRsa(string id, int bits = 2048) => new(id, RSA.Create(bits), null, null);

    public static TestKey CreateEc(string id) => CreateEc(id, ECCurve.NamedCurves.nistP256);

    public static TestKey CreateEc(string id, ECCurve curve) => new(id, null, ECDsa.Create(curve), null);

    public static TestKey CreateEd25519(string id) => new(id, null, null, RandomNumberGenerator.GetBytes(32));

    /// <summary>The public key as a JWK (RFC 7517).</summary>
    public JsonObject ToJwk()
    {
        JsonObject jwk = new() { ["kid"] = Id, ["use"] = "sig", ["alg"] = Algorithm };
        if (_rsa is not null)
        {
            RSAParameters parameters = _rsa.ExportParameters(false);
            jwk["kty"] = "RSA";
            jwk["n"] = Base64Url.EncodeToString(parameters.Modulus);
            jwk["e"] = Base64Url.EncodeToString(parameters.Exponent);
        }
        else if (_ec is not null)
        {
            ECParameters parameters = _ec.ExportParameters(false);
            jwk["kty"] = "EC";
            jwk["crv"] = _ec.KeySize switch { 256 => "P-256", 384 => "P-384", _ => "P-521" };
            jwk["x"] = Base64Url.EncodeToString(parameters.Q.X);
            jwk["y"] = Base64Url.EncodeToString(parameters.Q.Y);
        }
        else
        {
            jwk["kty"] = "OKP";
            jwk["crv"] = "Ed25519";
            jwk["x"] = Base64Url.EncodeToString(TestEd25519.PublicKey(_seed!));
        }

        return jwk;
    }

    /// <summary>The public key as PEM (SubjectPublicKeyInfo).</summary>
    public string ToPem()
    {
        if (_rsa is not null)
        {
            return _rsa.ExportSubjectPublicKeyInfoPem();
        }

        byte[] prefix = Convert.FromHexString("302a300506032b6570032100");
        return _ec?.ExportSubjectPublicKeyInfoPem()
            ?? PemEncoding.WriteString("PUBLIC KEY", [.. prefix, .. TestEd25519.PublicKey(_seed!)]);
    }

    /// <summary>A compact JWS over exactly these header and claims; nothing is added, so that wrong tokens can be made too.</summary>
    public string Sign(JsonObject header, JsonObject claims)
    {
        string algorithm = header["alg"] is JsonValue value && value.TryGetValue(out string? name) ? name : Algorithm;
        return SignText(Encode(header) + "." + Encode(claims), algorithm);
    }

    /// <summary>The same with the usual header.</summary>
    public string Sign(JsonObject claims) => Sign(new JsonObject { ["alg"] = Algorithm, ["typ"] = "JWT", ["kid"] = Id }, claims);

    /// <summary>A signature over any text, and the text before it.</summary>
    /// <param name="input">The text: two parts with a dot between them.</param>
    /// <param name="algorithm">For an RSA key its scheme and digest (RS256 when it names none); others have one only.</param>
    public string SignText(string input, string? algorithm = null) => input + "." + Base64Url.EncodeToString(Signature(input, algorithm ?? Algorithm));

    /// <summary>A signature over any text.</summary>
    public byte[] Signature(string input, string algorithm)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(input);
        if (_seed is not null)
        {
            return TestEd25519.Sign(_seed, bytes);
        }

        if (_ec is not null)
        {
            HashAlgorithmName hash = _ec.KeySize switch { 256 => HashAlgorithmName.SHA256, 384 => HashAlgorithmName.SHA384, _ => HashAlgorithmName.SHA512 };
            return _ec.SignData(bytes, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }

        RSASignaturePadding padding = algorithm is "PS256" or "PS384" or "PS512" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        HashAlgorithmName digest = algorithm switch
        {
            "RS384" or "PS384" => HashAlgorithmName.SHA384,
            "RS512" or "PS512" => HashAlgorithmName.SHA512,
            _ => HashAlgorithmName.SHA256,
        };
        return _rsa!.SignData(bytes, digest, padding);
    }

    public void Dispose()
    {
        _rsa?.Dispose();
        _ec?.Dispose();
    }

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString(JsonSerializerOptions.Default)));
}
