using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests;

public sealed class HostileTokenTests
{
    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    [InlineData("nOnE")]
    [InlineData("")]
    [InlineData("HS256")]
    [InlineData("rs256")]
    [InlineData("PS256")]
    [InlineData("RS256 ")]
    public async Task VerifyAsync_OtherAlgorithm_IsRefused(string algorithm)
    {
        await using var harness = await IdentityHarness.StartAsync();
        var header = new JsonObject { ["alg"] = algorithm, ["kid"] = "rsa-1" };
        var signed = harness.Server.Key("rsa-1").Sign(header, FullClaims(harness));
        var unsigned = signed[..(signed.LastIndexOf('.') + 1)];

        Assert.Equal(TokenFailures.Algorithm, (await harness.VerifyAsync(signed)).Failure);
        Assert.Equal(CredentialOutcome.Invalid, (await harness.VerifyAsync(unsigned)).Outcome);
    }

    [Theory]
    [InlineData("HS256", "RS256", "HS256")]
    [InlineData("RS256")]
    public async Task VerifyAsync_HmacWithThePublicKey_IsRefused(params string[] algorithms)
    {
        // Even an issuer that lists HS256 by mistake: no symmetric key is ever taken from a key set.
        await using var harness = await IdentityHarness.StartAsync(change: issuer => issuer with { Algorithms = [.. algorithms] });
        var jwk = harness.Server.Key("rsa-1").ToJwk();
        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = Base64Url.DecodeFromChars(jwk["n"]!.GetValue<string>()),
            Exponent = Base64Url.DecodeFromChars(jwk["e"]!.GetValue<string>()),
        });
        byte[][] secrets =
        [
            Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem()),
            Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem() + "\n"),
            rsa.ExportSubjectPublicKeyInfo(),
            rsa.ExportRSAPublicKey(),
            Encoding.UTF8.GetBytes(jwk.ToJsonString()),
            Base64Url.DecodeFromChars(jwk["n"]!.GetValue<string>()),
            [],
        ];
        foreach (var secret in secrets)
        {
            var input = $"{Encode(new JsonObject { ["alg"] = "HS256", ["kid"] = "rsa-1" })}.{Encode(FullClaims(harness))}";
            var token = $"{input}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(input)))}";

            var result = await harness.VerifyAsync(token);

            Assert.Equal(CredentialOutcome.Invalid, result.Outcome);
        }
    }

    [Fact]
    public async Task VerifyAsync_KeyInTheHeader_IsNeverUsed()
    {
        await using var harness = await IdentityHarness.StartAsync();
        await using var evil = await JwksServer.StartAsync();
        using var own = TestKey.CreateRsa("rsa-1");
        foreach (var member in (string[])["jwk", "jku", "x5u", "x5c"])
        {
            var header = new JsonObject { ["alg"] = "RS256", ["kid"] = "rsa-1" };
            header[member] = member == "jwk" ? own.ToJwk() : member == "x5c" ? new JsonArray("MIIB") : evil.KeySetUrl;

            Assert.Equal(TokenFailures.BadSignature, (await harness.VerifyAsync(own.Sign(header, FullClaims(harness)))).Failure);
        }

        Assert.Equal(0, evil.Requests.Count);
    }

    [Fact]
    public async Task VerifyAsync_WrongKeyForTheKid_IsRefused()
    {
        await using var harness = await IdentityHarness.StartAsync();
        using var own = TestKey.CreateRsa("mine");
        var rsa = harness.Server.Key("rsa-1");
        var claims = FullClaims(harness);

        Assert.Equal(TokenFailures.BadSignature, (await harness.VerifyAsync(own.Sign(Header("RS256", "rsa-1"), claims))).Failure);
        Assert.Equal(TokenFailures.UnknownKey, (await harness.VerifyAsync(rsa.Sign(Header("RS256", "ec-1"), claims))).Failure);
        Assert.Equal(TokenFailures.UnknownKey, (await harness.VerifyAsync(rsa.Sign(Header("ES256", "rsa-1"), claims))).Failure);
        Assert.Equal(TokenFailures.UnknownKey, (await harness.VerifyAsync(rsa.Sign(Header("RS256", "../../rsa-1"), claims))).Failure);
        Assert.Equal(TokenFailures.UnknownKey, (await harness.VerifyAsync(rsa.Sign(Header("RS256", ""), claims))).Failure);
    }

    [Fact]
    public async Task VerifyAsync_NoKid_IsTakenOnlyWhenOneKeyCanBeMeant()
    {
        await using var harness = await IdentityHarness.StartAsync();
        var header = new JsonObject { ["alg"] = "RS256" };
        var claims = FullClaims(harness);
        Assert.Equal(CredentialOutcome.Verified, (await harness.VerifyAsync(harness.Server.Key("rsa-1").Sign(header, claims))).Outcome);

        harness.Server.Publish(TestKey.CreateRsa("rsa-2"));
        harness.Verifier.UseIssuers([harness.Issuer() with { Id = "again" }]);

        Assert.Equal(TokenFailures.UnknownKey, (await harness.VerifyAsync(harness.Server.Key("rsa-1").Sign(header, claims))).Failure);
    }

    [Fact]
    public async Task VerifyAsync_ClaimsThatDoNotHold_AreRefusedWithTheirWord()
    {
        await using var harness = await IdentityHarness.StartAsync();
        var now = harness.Time.GetUtcNow().ToUnixTimeSeconds();

        await AssertRefused(harness, "iss", "https://other.example", TokenFailures.Issuer);
        await AssertRefused(harness, "iss", harness.Server.Issuer + "/", TokenFailures.Issuer);
        await AssertRefused(harness, "iss", 5, TokenFailures.Malformed);
        await AssertRefused(harness, "aud", "API", TokenFailures.Audience);
        await AssertRefused(harness, "aud", null, TokenFailures.Audience);
        await AssertRefused(harness, "aud", new JsonArray("a", 5), TokenFailures.Malformed);
        await AssertRefused(harness, "aud", new JsonObject(), TokenFailures.Malformed);
        await AssertRefused(harness, "exp", null, TokenFailures.NoExpiry);
        await AssertRefused(harness, "exp", now - 31, TokenFailures.Expired);
        await AssertRefused(harness, "exp", "9999999999", TokenFailures.Malformed);
        await AssertRefused(harness, "nbf", now + 31, TokenFailures.NotYetValid);
        await AssertRefused(harness, "nbf", true, TokenFailures.Malformed);
    }

    [Theory]
    [InlineData("JWT", true)]
    [InlineData("jwt", true)]
    [InlineData("at+jwt", true)]
    [InlineData("application/at+jwt", true)]
    [InlineData("edgeguard-bundle+jws", false)]
    [InlineData("logout+jwt", false)]
    [InlineData("", false)]
    public async Task VerifyAsync_Type_IsHeld(string type, bool accepted)
    {
        await using var harness = await IdentityHarness.StartAsync();
        var header = Header("RS256", "rsa-1");
        header["typ"] = type;

        var result = await harness.VerifyAsync(harness.Server.Key("rsa-1").Sign(header, FullClaims(harness)));

        Assert.Equal(accepted ? "" : TokenFailures.Type, result.Failure);
    }

    [Fact]
    public async Task VerifyAsync_ExpectedType_AcceptsNoOther()
    {
        await using var harness = await IdentityHarness.StartAsync(change: issuer => issuer with { TokenType = "at+jwt" });
        var key = harness.Server.Key("rsa-1");
        var header = Header("RS256", "rsa-1");

        Assert.Equal(TokenFailures.Type, (await harness.VerifyAsync(key.Sign(header, FullClaims(harness)))).Failure);
        header["typ"] = "AT+JWT";
        Assert.Equal(CredentialOutcome.Verified, (await harness.VerifyAsync(key.Sign(header, FullClaims(harness)))).Outcome);
    }

    [Fact]
    public async Task VerifyAsync_TruncatedAnywhere_IsRefusedWithoutAnException()
    {
        await using var harness = await IdentityHarness.StartAsync();
        var token = harness.Issue(keyId: "ec-1");
        for (var length = 0; length < token.Length; length++)
        {
            Assert.Equal(CredentialOutcome.Invalid, (await harness.VerifyAsync(token[..length])).Outcome);
        }
    }

    [Fact]
    public async Task VerifyAsync_LastCharacterReencoded_IsRefused()
    {
        await using var harness = await IdentityHarness.StartAsync();

        // A P-256 signature has 64 bytes: the last character holds four bits that a lax decoder ignores.
        var token = harness.Issue(keyId: "ec-1");
        var accepted = 0;
        foreach (var last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        {
            accepted += (await harness.VerifyAsync(token[..^1] + last)).Outcome == CredentialOutcome.Verified ? 1 : 0;
        }

        Assert.Equal(1, accepted);
    }

    [Theory]
    [InlineData("{0} {0}")]
    [InlineData("{0}, Bearer {0}")]
    [InlineData("{0},{0}")]
    [InlineData("{0}=")]
    [InlineData("{0}.")]
    [InlineData("{0}.x.y")]
    [InlineData("\"{0}\"")]
    [InlineData("{0}\u00e9")]
    [InlineData("..")]
    [InlineData("")]
    public async Task VerifyAsync_SeveralValuesOrOtherCharacters_AreMalformed(string format)
    {
        await using var harness = await IdentityHarness.StartAsync();

        var result = await harness.VerifyAsync(string.Format(format, harness.Issue()));

        Assert.Equal((CredentialOutcome.Invalid, TokenFailures.Malformed), (result.Outcome, result.Failure));
    }

    [Theory]
    [InlineData(0, "{\"alg\":\"RS256\",\"alg\":\"none\"}", TokenFailures.Duplicate)]
    [InlineData(0, "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"crit\":[\"b64\"],\"b64\":false}", TokenFailures.Critical)]
    [InlineData(0, "{\"alg\":5}", TokenFailures.Malformed)]
    [InlineData(0, "[]", TokenFailures.Malformed)]
    [InlineData(0, "{\"alg\":\"RS256\"} x", TokenFailures.Malformed)]
    [InlineData(1, "{\"sub\":\"a\",\"sub\":\"b\"}", TokenFailures.Duplicate)]
    [InlineData(1, "{\"sub\":\"a\",\"\\u0073ub\":\"b\"}", TokenFailures.Duplicate)]
    [InlineData(1, "5", TokenFailures.Malformed)]
    [InlineData(1, "{\"sub\":\"\\ud800\"}", TokenFailures.Malformed)]
    [InlineData(1, "{\"exp\":1e999}", TokenFailures.Malformed)]
    [InlineData(1, "{", TokenFailures.Malformed)]
    public async Task VerifyAsync_MalformedPart_IsRefused(int part, string json, string failure)
    {
        await using var harness = await IdentityHarness.StartAsync();
        var parts = harness.Issue().Split('.');
        parts[part] = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

        var result = await harness.VerifyAsync(string.Join('.', parts));

        Assert.Equal((CredentialOutcome.Invalid, failure), (result.Outcome, result.Failure));
        Assert.Equal(1, harness.Verifier.Counters.Refused(failure));
    }

    [Fact]
    public async Task VerifyAsync_TokenBeyond8KiB_IsTooLarge()
    {
        await using var harness = await IdentityHarness.StartAsync();
        var claims = IdentityHarness.Claims();
        claims["filler"] = new string('x', 8192);

        Assert.Equal(TokenFailures.TooLarge, (await harness.VerifyAsync(harness.Issue(claims))).Failure);
    }

    [Fact]
    public async Task VerifyAsync_RefusedButReadable_CarriesItsClaims()
    {
        await using var harness = await IdentityHarness.StartAsync();
        var claims = IdentityHarness.Claims();
        claims["exp"] = 1;

        var result = await harness.VerifyAsync(harness.Issue(claims));

        Assert.Equal((CredentialOutcome.Invalid, "user-1"), (result.Outcome, result.Values["sub"]));
    }

    private static async Task AssertRefused(IdentityHarness harness, string name, JsonNode? value, string failure)
    {
        var claims = FullClaims(harness);
        claims.Remove(name);
        if (value is not null)
        {
            claims[name] = value;
        }

        var key = harness.Server.Key("rsa-1");
        var result = await harness.VerifyAsync(key.Sign(Header("RS256", "rsa-1"), claims));

        Assert.Equal((CredentialOutcome.Invalid, failure), (result.Outcome, result.Failure));
    }

    private static JsonObject FullClaims(IdentityHarness harness) => new()
    {
        ["iss"] = harness.Server.Issuer,
        ["aud"] = "api",
        ["sub"] = "user-1",
        ["exp"] = harness.Time.GetUtcNow().ToUnixTimeSeconds() + 3600,
    };

    private static JsonObject Header(string algorithm, string keyId) => new() { ["alg"] = algorithm, ["kid"] = keyId };

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));
}
