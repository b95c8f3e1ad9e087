using System.Text.Json.Nodes;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests;

public sealed class TokenVerifierTests
{
    [Theory]
    [InlineData("rsa-1")]
    [InlineData("ec-1")]
    public async Task VerifyAsync_TokenOfTheIssuer_IsVerified(string keyId)
    {
        await using var harness = await IdentityHarness.StartAsync();

        var result = await harness.VerifyAsync(harness.Issue(keyId: keyId));

        Assert.Equal((CredentialOutcome.Verified, "", "main"), (result.Outcome, result.Failure, result.SourceId));
        Assert.Equal("user-1", result.Values["sub"]);
        Assert.Equal(1, harness.Verifier.Counters.Verified);
    }

    [Fact]
    public async Task VerifyAsync_Claims_AreScalarsAsText()
    {
        await using var harness = await IdentityHarness.StartAsync();
        var claims = IdentityHarness.Claims();
        claims["text"] = "é \"quoted\"";
        claims["yes"] = true;
        claims["no"] = false;
        claims["whole"] = 42;
        claims["huge"] = JsonNode.Parse("12345678901234567890");
        claims["fraction"] = JsonNode.Parse("1.50");
        claims["exponent"] = JsonNode.Parse("1e3");
        claims["nothing"] = JsonNode.Parse("[null]")!.AsArray()[0];
        claims["list"] = new JsonArray("a");
        claims["map"] = new JsonObject { ["a"] = 1, ["sub"] = "other" };

        var result = await harness.VerifyAsync(harness.Issue(claims));

        Assert.Equal(CredentialOutcome.Verified, result.Outcome);
        Assert.Equal("é \"quoted\"", result.Values["text"]);
        Assert.Equal("true", result.Values["yes"]);
        Assert.Equal("false", result.Values["no"]);
        Assert.Equal("42", result.Values["whole"]);
        Assert.Equal("12345678901234567890", result.Values["huge"]);
        Assert.Equal("1.5", result.Values["fraction"]);
        Assert.Equal("1000", result.Values["exponent"]);
        Assert.Equal("user-1", result.Values["sub"]);
        Assert.DoesNotContain("list", result.Values.Keys);
        Assert.DoesNotContain("map", result.Values.Keys);
        Assert.DoesNotContain("nothing", result.Values.Keys);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("Bearerx a.b.c")]
    public async Task VerifyAsync_NoBearerToken_IsNone(string? authorization)
    {
        await using var harness = await IdentityHarness.StartAsync();

        var pending = harness.Verifier.VerifyAsync(authorization, CancellationToken.None);

        Assert.True(pending.IsCompletedSuccessfully);
        Assert.Equal(CredentialOutcome.None, (await pending).Outcome);
    }

    [Theory]
    [InlineData("Bearer {0}")]
    [InlineData("bearer {0}")]
    [InlineData("BEARER   {0}")]
    [InlineData(" Bearer {0}\t")]
    public async Task VerifyAsync_SchemeInAnyCase_IsVerified(string format)
    {
        await using var harness = await IdentityHarness.StartAsync();

        var result = await harness.Verifier.VerifyAsync(string.Format(format, harness.Issue()), CancellationToken.None);

        Assert.Equal(CredentialOutcome.Verified, result.Outcome);
    }

    [Fact]
    public async Task VerifyAsync_SameTokenAgain_CompletesSynchronouslyFromTheCache()
    {
        await using var harness = await IdentityHarness.StartAsync();
        await harness.IdleAfterAsync(1);
        var token = harness.Issue();
        var first = await harness.VerifyAsync(token);

        var pending = harness.Verifier.VerifyAsync("Bearer " + token, CancellationToken.None);

        Assert.True(pending.IsCompletedSuccessfully);
        Assert.Same(first, await pending);
        Assert.Equal(1, harness.Verifier.Counters.CacheHits);
    }

    [Fact]
    public async Task VerifyAsync_CachedTokenExpires_IsRefused()
    {
        await using var harness = await IdentityHarness.StartAsync();
        var token = harness.Issue();
        await harness.VerifyAsync(token);

        harness.Time.Advance(TimeSpan.FromSeconds(3600 + 30) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(CredentialOutcome.Verified, (await harness.VerifyAsync(token)).Outcome);
        harness.Time.Advance(TimeSpan.FromMilliseconds(1));

        var result = await harness.VerifyAsync(token);
        Assert.Equal((CredentialOutcome.Invalid, TokenFailures.Expired), (result.Outcome, result.Failure));
    }

    [Theory]
    [InlineData(30, CredentialOutcome.Verified)]
    [InlineData(31, CredentialOutcome.Invalid)]
    public async Task VerifyAsync_NotBefore_IsHeldWithTheSkew(int secondsAhead, CredentialOutcome outcome)
    {
        await using var harness = await IdentityHarness.StartAsync();
        var claims = IdentityHarness.Claims();
        claims["nbf"] = harness.Time.GetUtcNow().ToUnixTimeSeconds() + secondsAhead;

        Assert.Equal(outcome, (await harness.VerifyAsync(harness.Issue(claims))).Outcome);
    }

    [Fact]
    public async Task VerifyAsync_AudienceInAList_IsVerified()
    {
        await using var harness = await IdentityHarness.StartAsync();
        var claims = IdentityHarness.Claims();
        claims["aud"] = new JsonArray("other", "api");

        Assert.Equal(CredentialOutcome.Verified, (await harness.VerifyAsync(harness.Issue(claims))).Outcome);
    }

    [Fact]
    public async Task VerifyAsync_VerificationOff_TakesClaimsWithoutKeys()
    {
        var options = new IdentityOptions { VerificationOff = true };
        await using var verifier = new TokenVerifier(options, new SocketsHttpHandler(), new TestTimeProvider());
        using var key = TestKey.CreateEc("any");
        var token = key.Sign(new JsonObject { ["sub"] = "user-1" });

        var result = await verifier.VerifyAsync("Bearer " + token, CancellationToken.None);
        var unreadable = await verifier.VerifyAsync("Bearer a.b.c", CancellationToken.None);

        Assert.Equal((CredentialOutcome.Verified, "user-1"), (result.Outcome, result.Values["sub"]));
        Assert.Equal(CredentialOutcome.Invalid, unreadable.Outcome);
    }

    [Fact]
    public async Task UseIssuers_SameAgain_KeepsKeysAndCache()
    {
        await using var harness = await IdentityHarness.StartAsync();
        await harness.IdleAfterAsync(1);
        var token = harness.Issue();
        await harness.VerifyAsync(token);

        harness.Verifier.UseIssuers([harness.Issuer()]);

        Assert.Equal(CredentialOutcome.Verified, (await harness.VerifyAsync(token)).Outcome);
        Assert.Equal(1, harness.Verifier.Counters.CacheHits);
        Assert.Equal(1, harness.Server.Requests.Count);
    }

    [Fact]
    public async Task UseIssuers_AudienceChanged_KeepsKeysAndForgetsTokens()
    {
        await using var harness = await IdentityHarness.StartAsync();
        var token = harness.Issue();
        await harness.VerifyAsync(token);

        harness.Verifier.UseIssuers([harness.Issuer() with { Audiences = ["other"] }]);

        Assert.Equal(TokenFailures.Audience, (await harness.VerifyAsync(token)).Failure);
        Assert.Equal(1, harness.Server.Requests.Count);
    }

    [Fact]
    public async Task UseIssuers_IssuerRemoved_RefusesItsTokens()
    {
        await using var harness = await IdentityHarness.StartAsync();
        var token = harness.Issue();
        await harness.VerifyAsync(token);

        harness.Verifier.UseIssuers([]);

        Assert.Equal(TokenFailures.Issuer, (await harness.VerifyAsync(token)).Failure);
        Assert.Empty(harness.Verifier.GetStatus());
    }
}
