using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeGuard.Testing;

/// <summary>A key that signs tokens, RS256 (2048 bits) or ES256.</summary>
public sealed class TestKey : IDisposable
{
    private readonly RSA? _rsa;
    private readonly ECDsa? _ec;

    private TestKey(string id, RSA? rsa, ECDsa? ec)
    {
        Id = id;
        _rsa = rsa;
        _ec = ec;
    }

    public string Id { get; }

    public string Algorithm => _rsa is not null ? "RS256" : "ES256";

    public static TestKey CreateRsa(string id) => new(id, RSA.Create(2048), null);

    public static TestKey CreateEc(string id) => new(id, null, ECDsa.Create(ECCurve.NamedCurves.nistP256));

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
        else
        {
            ECParameters parameters = _ec!.ExportParameters(false);
            jwk["kty"] = "EC";
            jwk["crv"] = "P-256";
            jwk["x"] = Base64Url.EncodeToString(parameters.Q.X);
            jwk["y"] = Base64Url.EncodeToString(parameters.Q.Y);
        }

        return jwk;
    }

    /// <summary>A compact JWS over exactly these header and claims; nothing is added, so that wrong tokens can be made too.</summary>
    public string Sign(JsonObject header, JsonObject claims)
    {
        string input = Encode(header) + "." + Encode(claims);
        byte[] bytes = Encoding.ASCII.GetBytes(input);
        byte[] signature = _rsa is not null
            ? _rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : _ec!.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return input + "." + Base64Url.EncodeToString(signature);
    }

    /// <summary>The same with the usual header.</summary>
    public string Sign(JsonObject claims) => Sign(new JsonObject { ["alg"] = Algorithm, ["typ"] = "JWT", ["kid"] = Id }, claims);

    public void Dispose()
    {
        _rsa?.Dispose();
        _ec?.Dispose();
    }

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString(JsonSerializerOptions.Default)));
}
