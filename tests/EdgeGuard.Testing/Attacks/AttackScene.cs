using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace EdgeGuard.Testing.Attacks;

/// <summary>
/// Two providers whose keys share a kid, three issuers, and an attacker with keys of its own. The issuer <c>strict</c> shares the first provider's keys and
/// demands more of its tokens.
/// </summary>
public sealed class AttackScene : IAsyncDisposable
{
    public const string StrictIssuer = "https://strict.example";

    private readonly TimeProvider _time;

    private AttackScene(JwksServer main, JwksServer other, TimeProvider time)
    {
        Main = main;
        Other = other;
        _time = time;
    }

    public JwksServer Main { get; }

    /// <summary>Another provider, whose key <c>rsa-1</c> is another one.</summary>
    public JwksServer Other { get; }

    /// <summary>The attacker's key, with the id of a good one.</summary>
    public TestKey Evil { get; } = TestKey.CreateRsa("rsa-1");

    public long Now => _time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>The issuers as a bundle lists them, each line with four blanks before it.</summary>
    public string Issuers => $$"""
            - {id: main, issuer: '{{Main.Issuer}}', audiences: [api], algorithms: [RS256, ES256, ES384, EdDSA], jwks_url: '{{Main.KeySetUrl}}'}
            - {id: other, issuer: '{{Other.Issuer}}', audiences: [api], algorithms: [RS256], jwks_url: '{{Other.KeySetUrl}}'}
            - {id: strict, issuer: '{{StrictIssuer}}', audiences: [strict], algorithms: [RS256], jwks_url: '{{Main.KeySetUrl}}', token_type: at+jwt, max_age: 1h, max_lifetime: 2h, max_token_bytes: 1024, required_claims: {tenant: acme, realm.role: admin} }
        """;

    public static async Task<AttackScene> StartAsync(TimeProvider time)
    {
        JwksServer main = await JwksServer.StartAsync();
        main.Publish(TestKey.CreateEc("ec384", System.Security.Cryptography.ECCurve.NamedCurves.nistP384));
        main.Publish(TestKey.CreateEd25519("ed-1"));
        return new AttackScene(main, await JwksServer.StartAsync(), time);
    }

    /// <summary>Claims that the issuer <c>main</c> accepts.</summary>
    public JsonObject Claims() => new()
    {
        ["iss"] = Main.Issuer,
        ["aud"] = "api",
        ["sub"] = "user-1",
        ["iat"] = Now,
        ["exp"] = Now + 3600,
    };

    /// <summary>Claims that the issuer <c>strict</c> accepts.</summary>
    public JsonObject StrictClaims() => new()
    {
        ["iss"] = StrictIssuer,
        ["aud"] = "strict",
        ["sub"] = "user-1",
        ["iat"] = Now,
        ["exp"] = Now + 3600,
        ["tenant"] = "acme",
        ["realm"] = new JsonObject { ["role"] = new JsonArray("user", "admin") },
    };

    /// <summary>A token that is accepted.</summary>
    public string Good(string keyId = "rsa-1") => Main.Key(keyId).Sign(Claims());

    /// <summary>A good token but for one claim; null takes it out.</summary>
    public string With(string claim, JsonNode? value)
    {
        JsonObject claims = Claims();
        Set(claims, claim, value);
        return Main.Key("rsa-1").Sign(claims);
    }

    /// <summary>The same, the claim's value as JSON text.</summary>
    public string WithText(string claim, string json) => WithPayload(Claims().ToJsonString().Replace($"\"{claim}\":", $"\"{claim}\":{json},\"was-{claim}\":", StringComparison.Ordinal));

    /// <summary>A token of the issuer <c>strict</c> but for one claim.</summary>
    public string StrictWith(string claim, JsonNode? value, string? type = "at+jwt")
    {
        JsonObject claims = StrictClaims();
        Set(claims, claim, value);
        JsonObject header = new() { ["alg"] = "RS256", ["kid"] = "rsa-1" };
        if (type is not null)
        {
            header["typ"] = type;
        }

        return Main.Key("rsa-1").Sign(header, claims);
    }

    /// <summary>Good claims under a header as text, signed by a good key.</summary>
    public string WithHeader(string json, string keyId = "rsa-1") =>
        Main.Key(keyId).SignText($"{Encode(json)}.{Encode(Claims().ToJsonString())}");

    /// <summary>A header with these members beside <c>alg</c> and <c>kid</c>.</summary>
    public string WithMembers(string members) => WithHeader($$"""{"alg":"RS256","kid":"rsa-1",{{members}}}""");

    /// <summary>A payload as text, signed by a good key.</summary>
    public string WithPayload(string json) => WithPayload(Encoding.UTF8.GetBytes(json));

    /// <summary>A payload as bytes, signed by a good key.</summary>
    public string WithPayload(byte[] bytes) =>
        Main.Key("rsa-1").SignText($"{Encode("""{"alg":"RS256","kid":"rsa-1"}""")}.{Base64Url.EncodeToString(bytes)}");

    /// <summary>Good claims with more members as text.</summary>
    public string WithClaims(string members) => WithPayload(string.Concat(Claims().ToJsonString().AsSpan()[..^1], ",", members, "}"));

    /// <summary>A good token with another signature.</summary>
    public string WithSignature(string keyId, Func<byte[], byte[]> change)
    {
        string token = Good(keyId);
        int dot = token.LastIndexOf('.');
        return token[..(dot + 1)] + Base64Url.EncodeToString(change(Base64Url.DecodeFromChars(token.AsSpan(dot + 1))));
    }

    /// <summary>Good claims under a header of the attacker's, signed by the attacker.</summary>
    public string Forged(JsonObject header, JsonObject? claims = null) => Evil.Sign(header, claims ?? Claims());

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    public async ValueTask DisposeAsync()
    {
        Evil.Dispose();
        await Main.DisposeAsync();
        await Other.DisposeAsync();
    }

    private static void Set(JsonObject claims, string claim, JsonNode? value)
    {
        claims.Remove(claim);
        if (value is not null)
        {
            claims[claim] = value;
        }
    }
}
