using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGuard.Identity.Tests.Binding;

/// <summary>Requests with proofs of one key, each a new one, as a client's library makes them.</summary>
internal sealed class DpopProofs
{
    public const string Token = "header.payload.signature";

    private readonly ECDsa _key;
    private readonly TimeProvider _time;
    private readonly string _header;
    private int _number;

    public DpopProofs(ECDsa key, TimeProvider time)
    {
        (_key, _time) = (key, time);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        _header = $$$"""{"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"EC","crv":"P-256","x":"{{{x}}}","y":"{{{y}}}"}}""";
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));
    }

    public string Thumbprint { get; }

    public FakeRequest Next()
    {
        var hash = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Token)));
        var claims = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"jti":"proof-{{_number++}}","htm":"GET","htu":"https://api.example/v1/items","iat":{{_time.GetUtcNow().ToUnixTimeSeconds()}},"ath":"{{hash}}"}""");
        var input = Encode(_header) + "." + Encode(claims);
        var proof = input + "." + Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256));
        return new FakeRequest(("Authorization", "DPoP " + Token), ("DPoP", proof)) { Authority = "api.example", Target = "/v1/items" };
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
