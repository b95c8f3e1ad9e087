using System.Text.Json.Nodes;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests.Keys;

/// <summary>Keys of discovery documents and of the bundle itself.</summary>
public sealed class OtherKeySourceTests
{
    [Fact]
    public async Task Discovery_NamesTheKeySet()
    {
        await using var harness = await IdentityHarness.StartAsync(change: Discovered);

        Assert.Equal("", (await harness.VerifyAsync(harness.Issue())).Failure);
        Assert.Equal(["/.well-known/openid-configuration", "/jwks.json"], harness.Server.Requests.Items);
    }

    [Fact]
    public async Task Discovery_OfAnotherIssuer_GivesNoKeys()
    {
        await using var harness = await IdentityHarness.StartAsync(change: issuer => Discovered(issuer) with { Issuer = issuer.Issuer + "/" });
        await harness.IdleAfterAsync(1);

        Assert.Equal([IdentityCodes.DiscoveryRefused], harness.Status.Problems.Select(problem => problem.Code));
        Assert.Equal(["/.well-known/openid-configuration"], harness.Server.Requests.Items);
    }

    [Theory]
    [InlineData(null, IdentityCodes.DiscoveryRefused)]
    [InlineData("", IdentityCodes.AddressRefused)]
    [InlineData("/jwks.json", IdentityCodes.AddressRefused)]
    [InlineData("https://attacker.example/jwks.json", IdentityCodes.AddressRefused)]
    [InlineData("http://169.254.169.254/latest", IdentityCodes.AddressRefused)]
    [InlineData("file:///etc/passwd", IdentityCodes.AddressRefused)]
    public async Task Discovery_LeadsElsewhere_IsNotFollowed(string? address, string code)
    {
        await using var harness = await IdentityHarness.StartAsync(JwksMode.Slow, Discovered);
        await harness.Server.Requests.WaitForAsync(1);
        harness.Server.KeySetAddress = address;
        harness.Server.Mode = JwksMode.Normal;
        harness.Server.ReleaseSlowAnswers();
        await harness.IdleAfterAsync(1);

        Assert.Equal([code], harness.Status.Problems.Select(problem => problem.Code));
        Assert.Equal(1, harness.Server.Requests.Count);
        Assert.Equal(CredentialOutcome.Unavailable, (await harness.VerifyAsync(harness.Issue())).Outcome);
    }

    [Theory]
    [InlineData(JwksMode.Down, IdentityCodes.FetchFailed)]
    [InlineData(JwksMode.Malformed, IdentityCodes.DiscoveryRefused)]
    [InlineData(JwksMode.Redirect, IdentityCodes.FetchFailed)]
    [InlineData(JwksMode.Oversized, IdentityCodes.FetchFailed)]
    public async Task Discovery_BadAnswerLater_KeepsTheKeys(JwksMode mode, string code)
    {
        await using var harness = await IdentityHarness.StartAsync(change: Discovered);
        await harness.IdleAfterAsync(1);
        harness.Server.Mode = mode;
        harness.Time.Advance(TimeSpan.FromMinutes(5));
        await harness.IdleAfterAsync(2);

        Assert.Equal([code], harness.Status.Problems.Select(problem => problem.Code));
        Assert.Equal("", (await harness.VerifyAsync(harness.Issue())).Failure);
    }

    [Fact]
    public async Task InlineKeys_OfEachKindAndForm_Verify()
    {
        foreach (var asPem in (bool[])[true, false])
        {
            TestKey[] keys = [TestKey.CreateRsa("k-rsa"), TestKey.CreateEc("k-256"), Ec("k-384", "nistP384"), Ec("k-521", "nistP521"), TestKey.CreateEd25519("k-ed")];
            await using var harness = await IdentityHarness.StartAsync(change: issuer => issuer with
            {
                JwksUrl = null,
                StaleIfError = TimeSpan.Zero,
                Algorithms = ["RS256", "ES256", "ES384", "ES512", "EdDSA"],
                Keys = [.. keys.Select(key => new InlineKeyDefinition(key.Id, asPem ? key.ToPem() : key.ToJwk().ToJsonString()))],
            });
            foreach (var key in keys)
            {
                harness.Server.Publish(key);
                Assert.Equal("", (await harness.VerifyAsync(harness.Issue(keyId: key.Id))).Failure);
            }

            harness.Time.Advance(TimeSpan.FromDays(400));
            Assert.Equal("", (await harness.VerifyAsync(harness.Issue(keyId: "k-ed"))).Failure);
            Assert.Equal(0, harness.Server.Requests.Count);
        }
    }

    [Fact]
    public async Task KeySet_OfEveryAlgorithm_Verifies()
    {
        await using var harness = await IdentityHarness.StartAsync(change: issuer => issuer with
        {
            Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"],
        });
        await harness.IdleAfterAsync(1);
        using var free = TestKey.CreateRsa("free");
        var jwk = free.ToJwk();
        jwk.Remove("alg");
        harness.Server.PublishRaw(jwk);
        foreach (var key in (TestKey[])[Ec("k-384", "nistP384"), Ec("k-521", "nistP521"), TestKey.CreateEd25519("k-ed")])
        {
            harness.Server.Publish(key);
        }

        foreach (var id in (string[])["rsa-1", "ec-1", "k-384", "k-521", "k-ed"])
        {
            Assert.Equal("", (await harness.VerifyAsync(harness.Issue(keyId: id))).Failure);
        }

        foreach (var algorithm in (string[])["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"])
        {
            var claims = new JsonObject { ["iss"] = harness.Server.Issuer, ["aud"] = "api", ["exp"] = harness.Time.GetUtcNow().ToUnixTimeSeconds() + 60 };
            Assert.Equal("", (await harness.VerifyAsync(free.Sign(new JsonObject { ["alg"] = algorithm, ["kid"] = "free" }, claims))).Failure);
        }
    }

    private static TestKey Ec(string id, string curve) => TestKey.CreateEc(id, System.Security.Cryptography.ECCurve.CreateFromFriendlyName(curve));

    private static IssuerDefinition Discovered(IssuerDefinition issuer) => issuer with
    {
        JwksUrl = null,
        DiscoveryUrl = issuer.Issuer + "/.well-known/openid-configuration",
    };
}
