using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGuard.Bundles.Model;

namespace EdgeGuard.Identity.Tests.Independent;

/// <summary>Tokens that OpenSSL signed, with its public key inline as PEM.</summary>
public sealed class OpenSslTokenTests
{
    [Theory]
    [InlineData("RS256")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("EdDSA")]
    public async Task VerifyAsync_TokenOfOpenSsl_IsVerifiedUnlessItWasChanged(string algorithm)
    {
        Assert.SkipUnless(OpenSslKey.IsAvailable, "openssl is not installed here (test.sh installs it on Debian and Ubuntu)");
        using var key = await OpenSslKey.CreateAsync(algorithm);
        using var other = await OpenSslKey.CreateAsync(algorithm);
        await using var harness = await IdentityHarness.StartAsync(change: issuer => issuer with
        {
            JwksUrl = null,
            Algorithms = [algorithm],
            Keys = [new InlineKeyDefinition("openssl-1", key.PublicPem)],
        });
        var now = harness.Time.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject { ["iss"] = harness.Server.Issuer, ["aud"] = "api", ["sub"] = "of-openssl", ["exp"] = now + 600 };
        var token = await key.SignAsync("openssl-1", claims);
        claims["sub"] = "root";
        var parts = token.Split('.');
        parts[1] = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()));

        var good = await harness.VerifyAsync(token);
        var changed = await harness.VerifyAsync(string.Join('.', parts));
        var foreign = await harness.VerifyAsync(await other.SignAsync("openssl-1", claims));

        Assert.Equal(("", CredentialOutcome.Verified, "of-openssl"), (good.Failure, good.Outcome, good.Values["sub"]));
        Assert.Equal(TokenFailures.BadSignature, changed.Failure);
        Assert.Equal(TokenFailures.BadSignature, foreign.Failure);
    }
}
