using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests.Keys;

public sealed class KeySetRefreshTests
{
    [Fact]
    public async Task Rotation_NewKeyUsedAtOnce_FailsNoRequest()
    {
        await using var harness = await IdentityHarness.StartAsync();
        await harness.IdleAfterAsync(1);
        harness.Server.Publish(TestKey.CreateRsa("rsa-2"));

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => harness.VerifyAsync(harness.Issue(keyId: "rsa-2"))));

        Assert.All(results, result => Assert.Equal(CredentialOutcome.Verified, result.Outcome));
        Assert.Equal(2, harness.Server.Requests.Count);
    }

    [Fact]
    public async Task UnknownKeys_Flood_CausesOneFetchInACooldown()
    {
        await using var harness = await IdentityHarness.StartAsync();
        await harness.IdleAfterAsync(1);
        using var own = TestKey.CreateEc("own");
        var tokens = Enumerable.Range(0, 200).Select(i => own.Sign(
            new() { ["alg"] = "ES256", ["kid"] = $"flood-{i}" },
            new() { ["iss"] = harness.Server.Issuer, ["aud"] = "api", ["exp"] = harness.Time.GetUtcNow().ToUnixTimeSeconds() + 60 }));

        var results = await Task.WhenAll(tokens.Select(harness.VerifyAsync));

        Assert.All(results, result => Assert.Equal(TokenFailures.UnknownKey, result.Failure));
        Assert.Equal(2, harness.Server.Requests.Count);
        await harness.IdleAfterAsync(2);
        var published = harness.Issue(keyId: harness.Server.Publish(TestKey.CreateEc("ec-2")).Id);
        harness.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(TokenFailures.UnknownKey, (await harness.VerifyAsync(published)).Failure);
        Assert.Equal(2, harness.Server.Requests.Count);
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(CredentialOutcome.Verified, (await harness.VerifyAsync(published)).Outcome);
        Assert.Equal(3, harness.Server.Requests.Count);
    }

    [Fact]
    public async Task Refresh_AfterItsInterval_TakesNewKeysAndForgetsWithdrawnOnes()
    {
        await using var harness = await IdentityHarness.StartAsync();
        var old = harness.Issue();
        Assert.Equal(CredentialOutcome.Verified, (await harness.VerifyAsync(old)).Outcome);
        await harness.IdleAfterAsync(1);
        harness.Server.Publish(TestKey.CreateRsa("rsa-2"));
        harness.Server.Withdraw("rsa-1");

        harness.Time.Advance(TimeSpan.FromMinutes(5));
        await harness.IdleAfterAsync(2);

        Assert.Equal(CredentialOutcome.Verified, (await harness.VerifyAsync(harness.Issue(keyId: "rsa-2"))).Outcome);
        Assert.Equal(TokenFailures.UnknownKey, (await harness.VerifyAsync(old)).Failure);
    }

    [Fact]
    public async Task Start_IssuerDown_IsUnavailableAndRetriedWithBackoff()
    {
        await using var harness = await IdentityHarness.StartAsync(JwksMode.Down);
        var token = harness.Issue();

        var result = await harness.VerifyAsync(token);

        Assert.Equal((CredentialOutcome.Unavailable, "user-1"), (result.Outcome, result.Values["sub"]));
        foreach (var (fetches, seconds) in ((int, int)[])[(1, 1), (2, 2), (3, 4), (4, 8)])
        {
            await harness.IdleAfterAsync(fetches);
            harness.Time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.Equal(fetches, harness.Server.Requests.Count);
            harness.Server.Mode = fetches == 4 ? JwksMode.Normal : JwksMode.Down;
            harness.Time.Advance(TimeSpan.FromTicks(1));
        }

        await harness.IdleAfterAsync(5);
        Assert.Equal(CredentialOutcome.Verified, (await harness.VerifyAsync(token)).Outcome);
        Assert.Equal((1, 4), (harness.Status.FetchesOk, harness.Status.FetchesFailed));
        Assert.Empty(harness.Status.Problems);
    }

    [Theory]
    [InlineData(JwksMode.Down, IdentityCodes.FetchFailed)]
    [InlineData(JwksMode.Malformed, IdentityCodes.MalformedKeySet)]
    [InlineData(JwksMode.Empty, IdentityCodes.MalformedKeySet)]
    [InlineData(JwksMode.Oversized, IdentityCodes.FetchFailed)]
    [InlineData(JwksMode.Redirect, IdentityCodes.FetchFailed)]
    public async Task Refresh_BadAnswer_NeverReplacesGoodKeys(JwksMode mode, string code)
    {
        await using var harness = await IdentityHarness.StartAsync();
        await harness.IdleAfterAsync(1);
        harness.Server.Mode = mode;

        harness.Time.Advance(TimeSpan.FromMinutes(5));
        await harness.IdleAfterAsync(2);

        Assert.Equal(CredentialOutcome.Verified, (await harness.VerifyAsync(harness.Issue())).Outcome);
        Assert.Equal([code], harness.Status.Problems.Select(problem => problem.Code));
        Assert.Equal((true, 2), (harness.Status.Usable, harness.Status.KeyCount));
    }

    [Fact]
    public async Task Refresh_FailsLongerThanStaleIfError_StopsVerifyingCachedTokensToo()
    {
        await using var harness = await IdentityHarness.StartAsync(change: issuer => issuer with { StaleIfError = TimeSpan.FromMinutes(10) });
        var token = harness.Issue();
        await harness.VerifyAsync(token);
        await harness.IdleAfterAsync(1);
        harness.Server.Mode = JwksMode.Down;

        harness.Time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(CredentialOutcome.Verified, (await harness.VerifyAsync(token)).Outcome);
        harness.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(CredentialOutcome.Unavailable, (await harness.VerifyAsync(token)).Outcome);
        Assert.False(harness.Status.Usable);
        Assert.Contains(harness.Status.Problems, problem => problem.Code == IdentityCodes.KeysStale);
    }

    [Fact]
    public async Task Fetch_NoAnswer_EndsAtItsTimeout()
    {
        await using var harness = await IdentityHarness.StartAsync(JwksMode.Slow);
        await harness.Server.Requests.WaitForAsync(1);
        await harness.Time.WaitForTimersAsync();

        harness.Time.Advance(TimeSpan.FromSeconds(10));
        await harness.IdleAfterAsync(1);

        Assert.Equal([IdentityCodes.FetchFailed], harness.Status.Problems.Select(problem => problem.Code));
    }

    [Fact]
    public async Task Verify_DuringTheFirstFetch_WaitsForIt()
    {
        await using var harness = await IdentityHarness.StartAsync(JwksMode.Slow);
        var pending = harness.VerifyAsync(harness.Issue());
        await harness.Server.Requests.WaitForAsync(1);
        Assert.False(pending.IsCompleted);

        harness.Server.Mode = JwksMode.Normal;
        harness.Server.ReleaseSlowAnswers();

        Assert.Equal(CredentialOutcome.Verified, (await pending).Outcome);
    }

    [Fact]
    public async Task Verify_CallerGoesAwayDuringTheFirstFetch_EndsWithoutAnException()
    {
        await using var harness = await IdentityHarness.StartAsync(JwksMode.Slow);
        using var gone = new CancellationTokenSource();
        var pending = harness.Verifier.VerifyAsync("Bearer " + harness.Issue(), gone.Token).AsTask();
        await harness.Server.Requests.WaitForAsync(1);

        await gone.CancelAsync();

        Assert.Equal(CredentialOutcome.Unavailable, (await pending.Within("end of the wait")).Outcome);
    }

    [Fact]
    public async Task HostNotAllowed_NothingIsFetched()
    {
        await using var harness = await IdentityHarness.StartAsync(options: new IdentityOptions { FetchHosts = ["idp.example"] });
        await harness.IdleAfterAsync(1);

        Assert.Equal(CredentialOutcome.Unavailable, (await harness.VerifyAsync(harness.Issue())).Outcome);
        Assert.Equal(0, harness.Server.Requests.Count);
        Assert.Equal([IdentityCodes.AddressRefused], harness.Status.Problems.Select(problem => problem.Code));
    }

    [Fact]
    public async Task File_Changed_IsReadAgain()
    {
        using var folder = new TempFolder();
        var path = Path.Combine(folder.Path, "jwks.json");
        await using var harness = await IdentityHarness.StartAsync(change: issuer => issuer with { JwksUrl = null, JwksFile = path });
        await harness.IdleAfterAsync(1);
        Assert.Equal([IdentityCodes.FileUnreadable], harness.Status.Problems.Select(problem => problem.Code));

        await WriteAsync(path, harness.Server.Key("rsa-1"));
        harness.Time.Advance(TimeSpan.FromSeconds(5));
        await harness.IdleAfterAsync(2);
        Assert.Equal(CredentialOutcome.Verified, (await harness.VerifyAsync(harness.Issue())).Outcome);

        await WriteAsync(path, harness.Server.Key("ec-1"));
        harness.Time.Advance(TimeSpan.FromSeconds(5));
        await harness.IdleAfterAsync(3);
        Assert.Equal(CredentialOutcome.Verified, (await harness.VerifyAsync(harness.Issue(keyId: "ec-1"))).Outcome);
        Assert.Equal(0, harness.Server.Requests.Count);
    }

    private static Task WriteAsync(string path, TestKey key) =>
        File.WriteAllTextAsync(path, new System.Text.Json.Nodes.JsonObject { ["keys"] = new System.Text.Json.Nodes.JsonArray(key.ToJwk()) }.ToJsonString());
}
