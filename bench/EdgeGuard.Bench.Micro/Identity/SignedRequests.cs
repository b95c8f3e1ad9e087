using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity;
using EdgeGuard.Identity.Agents;
using EdgeGuard.Identity.Crypto;
using EdgeGuard.Identity.Signatures;

namespace EdgeGuard.Bench.Micro.Identity;

/// <summary>Requests that are signed as a whole, each with a nonce of its own: they pass once.</summary>
internal static class SignedRequests
{
    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Agents with a keyed hash in one header.</summary>
    public static ColdScenario Hmac(int count)
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        var agent = new AgentDefinition
        {
            Id = "bench",
            Scheme = AgentScheme.Hmac,
            Algorithm = AgentKeys.Hmac,
            Secret = "base64:" + Convert.ToBase64String(secret),
        };
        return new ColdScenario("hmac_agent", CredentialKinds.Agent, Sources(agent), [.. Enumerable.Range(0, count).Select(Sign)]);

        BenchRequest Sign(int number)
        {
            var request = new BenchRequest(CredentialKinds.Agent);
            var (created, nonce, body) = (Now, $"nonce-{number:d8}", SHA256.HashData([]));
            var signed = HmacHeaderScheme.SignedBytes(agent.Id, created, nonce, RequestParts.Of(request)!, body);
            return request.Add(
                HmacHeaderScheme.Field,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"keyid=\"bench\", created={created}, nonce=\"{nonce}\", digest=:{Convert.ToBase64String(body)}:, mac=:{Convert.ToBase64String(HMACSHA256.HashData(secret, signed))}:"));
        }
    }

    /// <summary>Agents with HTTP message signatures (RFC 9421) by Ed25519.</summary>
    public static ColdScenario Ed25519Messages(int count)
    {
        var seed = RandomNumberGenerator.GetBytes(Ed25519.KeySize);
        var agent = new AgentDefinition
        {
            Id = "bench",
            Scheme = AgentScheme.HttpMessageSignature,
            Algorithm = AgentKeys.Ed25519,
            PublicKey = $$"""{"kty":"OKP","crv":"Ed25519","x":"{{Base64Url.EncodeToString(Ed25519.GetPublicKey(seed))}}"}""",
        };
        return new ColdScenario("rfc9421_ed25519", CredentialKinds.Agent, Sources(agent), [.. Enumerable.Range(0, count).Select(Sign)]);

        BenchRequest Sign(int number)
        {
            var request = new BenchRequest(CredentialKinds.Agent);
            var input = string.Create(
                CultureInfo.InvariantCulture, $"sig=(\"@method\" \"@authority\" \"@path\");created={Now};keyid=\"bench\";nonce=\"nonce-{number:d8}\"");
            var signature = MessageSignatureReader.Read(input, "sig=:AA==:", out var failure)?[0] ?? throw new InvalidOperationException(failure);
            var signed = SignatureBase.Build(signature, request, RequestParts.Of(request)!)!;
            return request.Add("Signature-Input", input).Add("Signature", $"sig=:{Convert.ToBase64String(Ed25519.Sign(seed, signed))}:");
        }
    }

    /// <summary>One remembered token that is bound to a key on P-256, and a new proof of it for each request.</summary>
    public static ColdScenario Dpop(int count)
    {
        var holder = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = holder.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        var thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));
        var signer = TokenSigner.Create("ES256");
        var token = signer.Token(1, $$""","cnf":{"jkt":"{{thumbprint}}"}""");
        var hash = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)));
        var issuer = signer.Issuer with { Binding = new BindingDefinition { Kinds = BindingKinds.Dpop } };
        return new ColdScenario(
            "dpop_es256", CredentialKinds.Jwt, new IdentitySources { Issuers = [issuer] }, [.. Enumerable.Range(0, count).Select(Sign)], Sign(count), SharesToken: true);

        BenchRequest Sign(int number)
        {
            var header = $$$"""{"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"EC","crv":"P-256","x":"{{{x}}}","y":"{{{y}}}"}}""";
            var claims = string.Create(
                CultureInfo.InvariantCulture, $$"""{"jti":"proof-{{number:d8}}","htm":"GET","htu":"https://api.example.com/v1/items","iat":{{Now}},"ath":"{{hash}}"}""");
            var input = TokenSigner.Encode(header) + "." + TokenSigner.Encode(claims);
            var proof = input + "." + Base64Url.EncodeToString(holder.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256));
            return new BenchRequest(CredentialKinds.Jwt).Add("Authorization", "DPoP " + token).Add("DPoP", proof);
        }
    }

    private static IdentitySources Sources(AgentDefinition agent) => new() { Agents = [agent] };
}
