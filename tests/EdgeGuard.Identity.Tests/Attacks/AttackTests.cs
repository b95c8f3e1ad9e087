using EdgeGuard.Testing.Attacks;

namespace EdgeGuard.Identity.Tests.Attacks;

/// <summary>Every hostile token is refused, and for the reason that it was made for.</summary>
public sealed class AttackTests(AttackFixture fixture) : IClassFixture<AttackFixture>
{
    public static TheoryData<string> Names => [.. TokenAttacks.All.Select(attack => attack.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Attack_ByItsName_IsRefusedForItsReason(string name)
    {
        var attack = TokenAttacks.All.Single(attack => attack.Name == name);

        var result = await fixture.VerifyAsync(attack.Header(fixture.Scene));

        Assert.Equal((CredentialOutcome.Invalid, attack.Failure), (result.Outcome, result.Failure));
        Assert.Empty(result.Scopes);
        Assert.Empty(result.SourceId);
        Assert.Null(result.Subject);
    }

    [Fact]
    public void Attacks_AreManyAndEachHasItsName()
    {
        Assert.True(TokenAttacks.All.Length >= 150);
        Assert.Equal(TokenAttacks.All.Length, TokenAttacks.All.Select(attack => attack.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(TokenAttacks.All, attack => Assert.Contains(attack.Failure, TokenFailures.All));
    }

    [Theory]
    [InlineData("rsa-1")]
    [InlineData("ec-1")]
    [InlineData("ec384")]
    [InlineData("ed-1")]
    public async Task GoodToken_BetweenAttacks_IsVerified(string keyId)
    {
        var scene = fixture.Scene;

        Assert.Equal("", (await fixture.VerifyAsync("Bearer " + scene.Good(keyId))).Failure);
        Assert.Equal("", (await fixture.VerifyAsync("bEaReR   " + scene.Good(keyId))).Failure);
        Assert.Equal("", (await fixture.VerifyAsync("Bearer " + scene.StrictWith("x", 1))).Failure);
        Assert.Equal("", (await fixture.VerifyAsync("Bearer " + scene.Other.Key("rsa-1").Sign(OtherClaims(scene)))).Failure);
    }

    [Fact]
    public async Task SeveralHeaders_EvenOfGoodTokens_AreRefused()
    {
        var good = "Bearer " + fixture.Scene.Good();
        string[][] several = [[good, good], [good, ""], ["", good], [good, "Basic YTpi"], ["Basic YTpi", good], [good, good, good]];
        foreach (var headers in several)
        {
            var result = await fixture.VerifyAsync(headers);

            Assert.Equal((CredentialOutcome.Invalid, TokenFailures.Repeated), (result.Outcome, result.Failure));
        }
    }

    [Theory]
    [InlineData("Bearerx {0}")]
    [InlineData("Bear {0}")]
    [InlineData("Bearer\t{0}")]
    [InlineData("Bearer,{0}")]
    [InlineData("Bearer={0}")]
    [InlineData("Basic {0}")]
    [InlineData("Digest {0}")]
    [InlineData("{0}")]
    public async Task OtherSchemes_AreNoTokenAtAll(string format)
    {
        var result = await fixture.VerifyAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, format, fixture.Scene.Good()));

        Assert.Equal(CredentialOutcome.None, result.Outcome);
    }

    private static System.Text.Json.Nodes.JsonObject OtherClaims(AttackScene scene)
    {
        var claims = scene.Claims();
        claims["iss"] = scene.Other.Issuer;
        return claims;
    }
}
