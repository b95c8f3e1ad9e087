using System.Text.Json.Nodes;
using EdgeGuard.EndToEnd.Tests.Fleet;

namespace EdgeGuard.EndToEnd.Tests.WholeJob;

/// <summary>From a policy in YAML to refused traffic and counts, through the three real processes.</summary>
public sealed class WholeJobTests
{
    [Fact]
    public async Task Job_FromPushToCounts_DecidesAndCountsExactly()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        await fleet.StartEdgeAsync();
        await fleet.PushAsync(SampleBundles.PerKey);

        ProxyAnswer first = await fleet.Proxy.GetAsync("/v1/things?page=2", "alice");
        first.AssertPassed();
        Assert.Equal("hello", first.Body);
        ReceivedRequest seen = Assert.Single(fleet.Upstream.Received.Items);
        Assert.Equal("/v1/things?page=2", seen.RawTarget);
        for (int i = 1; i < 10; i++)
        {
            (await fleet.Proxy.GetAsync("/v1/things", "alice")).AssertPassed();
        }

        ProxyAnswer refused = await fleet.Proxy.GetAsync("/v1/things", "alice");
        refused.AssertRefused(429, "token_bucket_exceeded");
        Assert.Equal("application/problem+json", refused.Header("Content-Type").Split(';')[0]);
        Assert.InRange(int.Parse(refused.Header("Retry-After")), 1, 200);
        Assert.StartsWith("\"api\"", refused.Header("RateLimit"), StringComparison.Ordinal);
        Assert.Equal(10, fleet.Upstream.Count);
        (await fleet.Proxy.GetAsync("/v1/things", "bob")).AssertPassed();

        await fleet.Cli.OutputAsync("kill", "add", "header:x-api-key=bob", "--reason", "test", "--id", "k1", "--yes");
        await Eventually.TrueAsync(async () => (await fleet.Proxy.GetAsync("/v1/things", "bob")).Reason == "kill_switch");
        (await fleet.Proxy.GetAsync("/elsewhere", "bob")).AssertRefused(429, "kill_switch");

        await fleet.AssertCountedAsync(fleet.Proxy.Decided);
    }

    [Fact]
    public async Task Tokens_OfARealProvider_CountOnlyWhenVerified()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        await fleet.StartEdgeAsync();
        await fleet.PushAsync(SampleBundles.PerOrganization(fleet.Jwks.Issuer, fleet.Jwks.KeySetUrl));
        JsonObject claims = new() { ["aud"] = "api", ["sub"] = "u1", ["org"] = "acme" };

        (await fleet.Proxy.GetAsync("/v1/a")).AssertRefused(403, "descriptor_missing");
        for (int i = 0; i < 5; i++)
        {
            (await fleet.Proxy.GetAsync("/v1/a", token: fleet.Jwks.Issue(claims, i % 2 == 0 ? "rsa-1" : "ec-1"))).AssertPassed();
        }

        (await fleet.Proxy.GetAsync("/v1/a", token: fleet.Jwks.Issue(claims))).AssertRefused(429, "token_bucket_exceeded");
        JsonObject other = new() { ["aud"] = "api", ["sub"] = "u2", ["org"] = "globex" };
        (await fleet.Proxy.GetAsync("/v1/a", token: fleet.Jwks.Issue(other))).AssertPassed();

        using TestKey forged = TestKey.CreateRsa("rsa-1");
        JsonObject forgedClaims = new() { ["aud"] = "api", ["org"] = "initech", ["iss"] = fleet.Jwks.Issuer, ["exp"] = 4_000_000_000 };
        (await fleet.Proxy.GetAsync("/v1/a", token: forged.Sign(forgedClaims))).AssertRefused(401, "identity_invalid");
        JsonObject expired = new() { ["aud"] = "api", ["org"] = "initech", ["exp"] = 1_000_000_000 };
        (await fleet.Proxy.GetAsync("/v1/a", token: fleet.Jwks.Issue(expired))).AssertRefused(401, "identity_invalid");

        // The provider rotates: a key that the edge has never seen verifies as soon as it is published.
        fleet.Jwks.Publish(TestKey.CreateRsa("rsa-2"));
        await Eventually.TrueAsync(async () => (await fleet.Proxy.GetAsync("/v1/a", token: fleet.Jwks.Issue(new JsonObject { ["aud"] = "api", ["org"] = "hooli" }, "rsa-2"))).Status is 200 or 429);
    }

    [Fact]
    public async Task KillSwitch_OnAClaim_EndsTrafficAndSurvivesTheControlPlane()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        await fleet.StartEdgeAsync();
        await fleet.PushAsync(SampleBundles.PerOrganization(fleet.Jwks.Issuer, fleet.Jwks.KeySetUrl));
        string token = fleet.Jwks.Issue(new JsonObject { ["aud"] = "api", ["org"] = "acme" });
        (await fleet.Proxy.GetAsync("/v1/a", token: token)).AssertPassed();

        await fleet.Cli.OutputAsync("kill", "add", "jwt:org=acme", "--reason", "test", "--status", "403", "--id", "k1", "--yes");
        await Eventually.TrueAsync(async () => (await fleet.Proxy.GetAsync("/v1/a", token: token)).Reason == "kill_switch");

        await fleet.ControlPlane.StopAsync();
        await fleet.RestartEdgeAsync();
        await fleet.Edge.WaitReadyAsync();
        (await fleet.Proxy.GetAsync("/v1/a", token: token)).AssertRefused(403, "kill_switch");
        (await fleet.Proxy.GetAsync("/v1/a", token: fleet.Jwks.Issue(new JsonObject { ["aud"] = "api", ["org"] = "other" }))).AssertPassed();

        // The control plane comes back, the switch is lifted, and the edge hears of it on the connection that it has made anew.
        await fleet.ControlPlane.StartAsync();
        await fleet.Cli.OutputAsync("kill", "remove", "k1", "--reason", "test", "--yes");
        await Eventually.TrueAsync(
            async () => (await fleet.Proxy.GetAsync("/v1/a", token: token)).Reason != "kill_switch", TimeSpan.FromMinutes(3), interval: Eventually.Unhurried);
    }

    [Fact]
    public async Task Counts_AcrossAnOutageAndAKilledEdge_AreExact()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        await fleet.StartEdgeAsync();
        await fleet.PushAsync(SampleBundles.Generous("api"));
        for (int i = 0; i < 50; i++)
        {
            (await fleet.Proxy.GetAsync("/v1/a", "alice")).AssertPassed();
        }

        await fleet.ControlPlane.StopAsync();
        for (int i = 0; i < 70; i++)
        {
            (await fleet.Proxy.GetAsync("/v1/a", "alice")).AssertPassed();
        }

        // Nothing is flushed: what was counted lies in the mapped file.
        fleet.Edge.Process.Kill();
        await fleet.Edge.Process.WaitForExitAsync();
        await fleet.Edge.DisposeAsync();
        await fleet.StartEdgeAsync();
        await fleet.Edge.WaitReadyAsync();
        for (int i = 0; i < 30; i++)
        {
            (await fleet.Proxy.GetAsync("/v1/a", "alice")).AssertPassed();
        }

        await fleet.ControlPlane.StartAsync();
        await fleet.AssertCountedAsync(new Dictionary<string, long>(StringComparer.Ordinal) { [string.Empty] = 150 });
    }
}
