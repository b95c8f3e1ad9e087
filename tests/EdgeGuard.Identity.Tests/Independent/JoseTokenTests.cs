using System.Text.Json.Nodes;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests.Independent;

/// <summary>Tokens between here and a widely used library in another language, both ways.</summary>
public sealed class JoseTokenTests
{
    [Fact]
    public async Task VerifyAsync_TokensOfJose_AreVerifiedWithItsKeysInBothForms()
    {
        Assert.SkipUnless(JosePeer.Obstacle.Length == 0, JosePeer.Obstacle);
        await using var harness = await IdentityHarness.StartAsync();
        var now = harness.Time.GetUtcNow().ToUnixTimeSeconds();
        var answer = await JosePeer.AskAsync(new JsonObject
        {
            ["claims"] = new JsonObject { ["iss"] = harness.Server.Issuer, ["aud"] = new JsonArray("x", "api"), ["sub"] = "j\u00f6 \u65e5\u672c", ["iat"] = now, ["exp"] = now + 600 },
            ["algorithms"] = new JsonArray("RS256", "PS256", "ES256", "ES384", "ES512", "EdDSA"),
        });
        var signed = answer["signed"]!.AsArray().Select(item => item!.AsObject()).ToArray();
        Assert.Equal(6, signed.Length);
        foreach (var form in (string[])["jwk", "pem"])
        {
            harness.Verifier.UseIssuers([harness.Issuer() with
            {
                JwksUrl = null,
                Algorithms = [.. signed.Select(item => Text(item, "algorithm"))],
                Keys = [.. signed.Select(item => new InlineKeyDefinition(Text(item, "keyId"), Text(item, form)))],
            }]);
            foreach (var item in signed)
            {
                var token = Text(item, "token");
                var dot = token.LastIndexOf('.');
                var (good, other) = (await harness.VerifyAsync(token), await harness.VerifyAsync(token[..dot] + Text(signed[0] == item ? signed[1] : signed[0], "token")[dot..]));

                Assert.Equal((form, Text(item, "algorithm"), "", "j\u00f6 \u65e5\u672c"), (form, Text(item, "algorithm"), good.Failure, good.Values["sub"]));
                Assert.Equal(CredentialOutcome.Invalid, other.Outcome);
            }
        }
    }

    [Fact]
    public async Task TestKey_TokensItSigns_AreVerifiedByJose()
    {
        Assert.SkipUnless(JosePeer.Obstacle.Length == 0, JosePeer.Obstacle);
        await using var harness = await IdentityHarness.StartAsync();
        TestKey[] keys =
        [
            harness.Server.Key("rsa-1"),
            harness.Server.Key("ec-1"),
            harness.Server.Publish(TestKey.CreateEc("k-384", System.Security.Cryptography.ECCurve.NamedCurves.nistP384)),
            harness.Server.Publish(TestKey.CreateEc("k-521", System.Security.Cryptography.ECCurve.NamedCurves.nistP521)),
            harness.Server.Publish(TestKey.CreateEd25519("k-ed")),
        ];
        var good = keys.Select(key => harness.Issue(keyId: key.Id)).ToArray();
        var late = IdentityHarness.Claims();
        late["exp"] = 1;
        using var foreign = TestKey.CreateRsa("rsa-1");
        var claims = new JsonObject { ["iss"] = harness.Server.Issuer, ["aud"] = "api", ["sub"] = "root" };

        var answer = await JosePeer.AskAsync(new JsonObject
        {
            ["keys"] = new JsonArray([.. keys.Select(key => key.ToJwk())]),
            ["tokens"] = new JsonArray([.. good, harness.Issue(late), foreign.Sign(claims)]),
            ["issuer"] = harness.Server.Issuer,
            ["audience"] = "api",
            ["now"] = harness.Time.GetUtcNow().ToUnixTimeSeconds(),
        });

        Assert.Equal(
            ["user-1", "user-1", "user-1", "user-1", "user-1", "ERR_JWT_EXPIRED", "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"],
            answer["verified"]!.AsArray().Select(item => item!.GetValue<string>()));
    }

    private static string Text(JsonObject item, string name) => item[name]!.GetValue<string>();
}
