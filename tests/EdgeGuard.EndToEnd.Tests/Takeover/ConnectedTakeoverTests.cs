using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGuard.EndToEnd.Tests.Fleet;

namespace EdgeGuard.EndToEnd.Tests.Takeover;

/// <summary>An edge with a control plane is taken over while requests are under way.</summary>
public sealed class ConnectedTakeoverTests
{
    [Fact]
    public async Task Takeover_OfAConnectedEdge_RaisesNoAlert_CountsEachDecisionOnce_AndKillsWhatStillRuns()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        fleet.Upstream.Record = false;
        TaskCompletionSource forever = new();
        fleet.Upstream.Answer = async context =>
        {
            await context.Response.Body.WriteAsync("x"u8.ToArray());
            await context.Response.Body.FlushAsync();
            if (context.Request.Path == "/v1/stream")
            {
                await forever.Task.WaitAsync(context.RequestAborted);
            }
        };
        await fleet.StartEdgeAsync();
        await fleet.PushAsync(SampleBundles.Generous("api"));
        for (int request = 0; request < 50; request++)
        {
            (await fleet.Proxy.GetAsync("/v1/a", "alice")).AssertPassed();
        }

        // A stream of the first process, which lasts longer than the takeover.
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false });
        using HttpRequestMessage asked = new(HttpMethod.Get, new Uri(fleet.Edge.Proxy, "/v1/stream"));
        asked.Headers.Add("X-Api-Key", "mallory");
        using HttpResponseMessage stream = await client.SendAsync(asked, HttpCompletionOption.ResponseHeadersRead);
        await using Stream body = await stream.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[1]);
        await using EdgeProcess old = fleet.Edge;
        await fleet.StartEdgeAsync(settings => settings with { Arguments = ["--takeover"] });
        await fleet.Edge.WaitReadyAsync();
        for (int request = 0; request < 50; request++)
        {
            (await fleet.Proxy.GetAsync("/v1/a", "alice")).AssertPassed();
        }

        // Pushed to the new process alone; the old one, which ends its requests, has to find it.
        Assert.False(old.Process.HasExited);
        await fleet.Cli.OutputAsync("kill", "add", "header:x-api-key=mallory", "--reason", "test", "--id", "k1", "--yes");
        await Assert.ThrowsAnyAsync<Exception>(async () => await body.ReadExactlyAsync(new byte[1]).AsTask().Within("the end of the stream"));
        Assert.Equal(0, (await old.Process.WaitForExitAsync()).ExitCode);

        // Whoever was the client of which process: 100 requests and the stream.
        await fleet.AssertCountedAsync(new Dictionary<string, long>(StringComparer.Ordinal) { [string.Empty] = 101 });
        await fleet.PushAsync(SampleBundles.Generous("next"));
        using ControlPlaneReader reader = new(fleet.Cli);
        JsonElement audit = await reader.GetAsync("/api/v1/audit");
        Assert.DoesNotContain("edge.second_session", audit.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revocation_PushedWhileAnEdgeIsTakenOver_HoldsInBothProcesses()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        TaskCompletionSource forever = new();
        fleet.Upstream.Answer = async context =>
        {
            await context.Response.Body.WriteAsync("x"u8.ToArray());
            await context.Response.Body.FlushAsync();
            if (context.Request.Path == "/v1/stream")
            {
                await forever.Task.WaitAsync(context.RequestAborted);
            }
        };
        await fleet.StartEdgeAsync();
        await fleet.PushAsync(SampleBundles.PerOrganization(fleet.Jwks.Issuer, fleet.Jwks.KeySetUrl).Replace("      rules:", "      identity: required\n      rules:", StringComparison.Ordinal));
        string token = fleet.Jwks.Issue(new JsonObject { ["aud"] = "api", ["org"] = "acme", ["sub"] = "mallory" });
        string other = fleet.Jwks.Issue(new JsonObject { ["aud"] = "api", ["org"] = "globex", ["sub"] = "alice", ["jti"] = "t-1" });
        string good = fleet.Jwks.Issue(new JsonObject { ["aud"] = "api", ["org"] = "initech", ["sub"] = "alice", ["jti"] = "t-2" });
        (await fleet.Proxy.GetAsync("/v1/a", token: token)).AssertPassed();
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false });
        using HttpRequestMessage asked = new(HttpMethod.Get, new Uri(fleet.Edge.Proxy, "/v1/stream"));
        asked.Headers.Add("Authorization", "Bearer " + token);
        using HttpResponseMessage stream = await client.SendAsync(asked, HttpCompletionOption.ResponseHeadersRead);
        await using Stream body = await stream.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[1]);

        // At once, so that it comes before, in the middle or behind the handover: whichever of the two hears of it, both refuse.
        await using EdgeProcess old = fleet.Edge;
        Task revoked = fleet.Cli.OutputAsync("revoke", "add", "subject=mallory", "--reason", "test", "--yes");
        await fleet.StartEdgeAsync(settings => settings with { Arguments = ["--takeover"] });
        await revoked;
        await Eventually.TrueAsync(async () => (await fleet.Proxy.GetAsync("/v1/a", token: token)).Reason == "identity_invalid", what: "the token is refused");
        (await fleet.Proxy.GetAsync("/v1/a", token: other)).AssertPassed();
        await Assert.ThrowsAnyAsync<Exception>(async () => await body.ReadExactlyAsync(new byte[1]).AsTask().Within("the end of the stream"));
        Assert.Equal(0, (await old.Process.WaitForExitAsync()).ExitCode);

        // One token by its id, and no other of its subject.
        await fleet.Cli.OutputAsync("revoke", "add", "token=t-1", "--reason", "test", "--yes");
        await Eventually.TrueAsync(async () => (await fleet.Proxy.GetAsync("/v1/a", token: other)).Reason == "identity_invalid", what: "the token of that id is refused");
        (await fleet.Proxy.GetAsync("/v1/a", token: good)).AssertPassed();

        // And kept by whoever was the owner: without a control plane both are there again.
        await fleet.ControlPlane.StopAsync();
        await fleet.RestartEdgeAsync();
        (await fleet.Proxy.GetAsync("/v1/a", token: token)).AssertRefused(401, "identity_invalid");
        (await fleet.Proxy.GetAsync("/v1/a", token: other)).AssertRefused(401, "identity_invalid");
        (await fleet.Proxy.GetAsync("/v1/a", token: good)).AssertPassed();
    }
}
