using System.Net;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests.Tokens;

/// <summary>What is remembered of tokens, and what is asked anew of each.</summary>
public sealed class RememberedTokenTests
{
    private static readonly IPAddress Neighbour = IPAddress.Parse("198.51.100.7");

    [Fact]
    public async Task KnownToken_BecomesTooOld_IsRefusedAtItsNextUse()
    {
        await using var harness = await IdentityHarness.StartAsync(change: issuer => issuer with { MaxAge = TimeSpan.FromMinutes(10) });
        var token = harness.Issue();
        Assert.Equal("", (await harness.VerifyAsync(token)).Failure);

        harness.Time.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(29));
        Assert.Equal("", (await harness.VerifyAsync(token)).Failure);
        harness.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TokenFailures.TooOld, (await harness.VerifyAsync(token)).Failure);
    }

    [Fact]
    public async Task KnownToken_IssuerDemandsAnotherClaim_IsRefused()
    {
        await using var harness = await IdentityHarness.StartAsync();
        var token = harness.Issue();
        await harness.VerifyAsync(token);

        harness.Verifier.UseIssuers([harness.Issuer() with { RequiredClaims = [KeyValuePair.Create("tenant", "acme")] }]);

        Assert.Equal(TokenFailures.RequiredClaim, (await harness.VerifyAsync(token)).Failure);
        Assert.Equal(1, harness.Server.Requests.Count);
    }

    [Fact]
    public async Task BadToken_ManyTimes_CostsOneSignatureCheckAndOneFailure()
    {
        await using var harness = await IdentityHarness.StartAsync(options: Limited(burst: 2));
        await harness.IdleAfterAsync(1);
        var forged = Forged(harness, 0);

        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(TokenFailures.BadSignature, (await AskAsync(harness, forged)).Failure);
        }

        Assert.Equal(TokenFailures.BadSignature, (await AskAsync(harness, Forged(harness, 1))).Failure);
        Assert.Equal(TokenFailures.TooManyFailures, (await AskAsync(harness, Forged(harness, 2))).Failure);
    }

    [Fact]
    public async Task BadToken_KeyComes_IsNotHeldAgainstIt()
    {
        await using var harness = await IdentityHarness.StartAsync();
        await harness.IdleAfterAsync(1);
        var next = TestKey.CreateRsa("rsa-1");
        var token = next.Sign(new() { ["iss"] = harness.Server.Issuer, ["aud"] = "api", ["exp"] = harness.Time.GetUtcNow().ToUnixTimeSeconds() + 3600 });
        Assert.Equal(TokenFailures.BadSignature, (await harness.VerifyAsync(token)).Failure);

        harness.Server.Publish(next);
        harness.Time.Advance(TimeSpan.FromMinutes(5));
        await harness.IdleAfterAsync(2);

        Assert.Equal("", (await harness.VerifyAsync(token)).Failure);
    }

    [Fact]
    public async Task Failures_OfANeighbour_DoNotLockKnownTokensOut()
    {
        await using var harness = await IdentityHarness.StartAsync(options: Limited(burst: 3));
        await harness.IdleAfterAsync(1);
        var known = harness.Issue();
        Assert.Equal("", (await AskAsync(harness, known)).Failure);
        for (var i = 0; i < 20; i++)
        {
            await AskAsync(harness, Forged(harness, i));
        }

        Assert.Equal("", (await AskAsync(harness, known)).Failure);
        Assert.Equal(TokenFailures.TooManyFailures, (await AskAsync(harness, harness.Issue(keyId: "ec-1"))).Failure);
        Assert.Equal("", (await AskAsync(harness, harness.Issue(keyId: "ec-1"), IPAddress.Parse("198.51.100.8"))).Failure);

        harness.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("", (await AskAsync(harness, harness.Issue(keyId: "ec-1"))).Failure);
    }

    [Fact]
    public async Task Failures_ThatCostNothing_AreNotCharged()
    {
        await using var harness = await IdentityHarness.StartAsync(options: Limited(burst: 1));
        for (var i = 0; i < 20; i++)
        {
            var claims = IdentityHarness.Claims();
            claims["exp"] = i;
            Assert.Equal(TokenFailures.Expired, (await AskAsync(harness, harness.Issue(claims))).Failure);
        }

        Assert.Equal("", (await AskAsync(harness, harness.Issue())).Failure);
    }

    [Fact]
    public async Task NotWanted_IsNotLookedAt()
    {
        await using var harness = await IdentityHarness.StartAsync();
        var request = new FakeRequest(("Authorization", "Bearer a.b.c")) { Wanted = EdgeGuard.Bundles.Model.CredentialKinds.ApiKey };

        var pending = harness.Verifier.VerifyAsync(request, CancellationToken.None);

        Assert.True(pending.IsCompletedSuccessfully);
        Assert.Equal(CredentialOutcome.None, (await pending).Outcome);
    }

    [Fact]
    public async Task KnownToken_CostsNoAllocation()
    {
        await using var harness = await IdentityHarness.StartAsync(change: issuer => issuer with
        {
            MaxAge = TimeSpan.FromHours(1),
            MaxLifetime = TimeSpan.FromHours(2),
            RequiredClaims = [KeyValuePair.Create("sub", "user-1"), KeyValuePair.Create("roles", "admin")],
        });
        var claims = IdentityHarness.Claims();
        claims["roles"] = new System.Text.Json.Nodes.JsonArray("user", "admin");
        var request = new FakeRequest(("Authorization", "Bearer " + harness.Issue(claims)));
        await harness.IdleAfterAsync(1);
        Assert.Equal("", (await harness.Verifier.VerifyAsync(request, CancellationToken.None)).Failure);

        var bytes = Allocations.Least(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                var pending = harness.Verifier.VerifyAsync(request, CancellationToken.None);
                Assert.True(pending.IsCompletedSuccessfully && pending.GetAwaiter().GetResult().Outcome == CredentialOutcome.Verified);
            }
        });

        Assert.Equal(IdentityBudgets.Of("bytes_per_known_token"), bytes / 1000d);
    }

    private static IdentityOptions Limited(int burst) => new() { FetchHosts = ["127.0.0.1"], FailureBurst = burst, FailuresPerSecond = 1 };

    private static string Forged(IdentityHarness harness, int number)
    {
        var claims = IdentityHarness.Claims();
        claims["number"] = number;
        return harness.Issue(claims)[..^8] + "AAAAAAAA";
    }

    private static async Task<Credential> AskAsync(IdentityHarness harness, string token, IPAddress? client = null)
    {
        var request = new FakeRequest(("Authorization", "Bearer " + token)) { ClientAddress = client ?? Neighbour };
        return await harness.Verifier.VerifyAsync(request, CancellationToken.None).AsTask().Within("verification");
    }
}
