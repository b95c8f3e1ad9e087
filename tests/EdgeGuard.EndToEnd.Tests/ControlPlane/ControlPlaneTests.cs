using EdgeGuard.EndToEnd.Tests.Fleet;

namespace EdgeGuard.EndToEnd.Tests.ControlPlane;

/// <summary>An edge whose control plane is not there, or does not want it.</summary>
public sealed class ControlPlaneTests
{
    [Fact]
    public async Task ControlPlane_DownAtTheFirstStart_IsFoundLater()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string file = fleet.Folder.Write("bundle.yaml", SampleBundles.PerKey);
        await fleet.Cli.OutputAsync("push", file, "--yes");
        await fleet.ControlPlane.StopAsync();

        await fleet.StartEdgeAsync();
        (int status, string body) = await fleet.Edge.ReadinessAsync();
        Assert.Equal(503, status);
        Assert.Contains("no_bundle_loaded", body, StringComparison.Ordinal);
        (await fleet.Proxy.GetAsync("/v1/a", "alice")).AssertRefused(503, "no_bundle_loaded");

        await fleet.ControlPlane.StartAsync();
        await fleet.Edge.WaitReadyAsync(TimeSpan.FromMinutes(3));
        (await fleet.Proxy.GetAsync("/v1/a", "alice")).AssertPassed();
    }

    [Fact]
    public async Task ControlPlane_DownAtARestart_LeavesTheLastGoodBundle()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        await fleet.StartEdgeAsync();
        await fleet.PushAsync(SampleBundles.PerKey);
        await fleet.ControlPlane.StopAsync();

        await fleet.RestartEdgeAsync();
        await fleet.Edge.WaitReadyAsync();
        (await fleet.Proxy.GetAsync("/v1/a", "alice")).AssertPassed();
        (await fleet.Proxy.GetAsync("/v1/a")).AssertRefused(403, "descriptor_missing");
    }

    [Fact]
    public async Task EdgeToken_ThatIsWrong_OpensNothingAndIsNamed()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        await fleet.Cli.OutputAsync("push", fleet.Folder.Write("bundle.yaml", SampleBundles.PerKey), "--yes");
        const string Wrong = "egt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        await fleet.StartEdgeAsync(settings => settings with { EdgeToken = Wrong });

        await Eventually.TrueAsync(async () => (await fleet.Cli.OutputAsync("status", "--local")).Contains("EG3303", StringComparison.Ordinal), interval: Eventually.Unhurried);
        Assert.Equal(503, (await fleet.Edge.ReadinessAsync()).Status);
        (await fleet.Proxy.GetAsync("/v1/a", "alice")).AssertRefused(503, "no_bundle_loaded");
        Assert.DoesNotContain(Wrong, fleet.Edge.Process.Text() + fleet.ControlPlane.Process!.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EdgeToken_ThatWasRotated_WorksBesideTheOldOneForAWhile()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string token = (await fleet.Cli.JsonAsync("edge", "rotate-token", TestFleet.EdgeId)).GetProperty("edge_token").GetString()!;
        await fleet.StartEdgeAsync();
        await fleet.PushAsync(SampleBundles.PerKey);
        await fleet.Edge.DisposeAsync();

        await fleet.StartEdgeAsync(settings => settings with { EdgeToken = token, StateDir = fleet.Folder.Combine("fresh") });
        await fleet.Edge.WaitReadyAsync();
    }

    [Fact]
    public async Task BreakGlass_AtTheEdge_WorksWithoutAControlPlaneAndIsReportedLater()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        await fleet.StartEdgeAsync();
        await fleet.PushAsync(SampleBundles.Generous("api"));
        await fleet.ControlPlane.StopAsync();

        await fleet.Cli.OutputAsync("kill", "add", "header:x-api-key=mallory", "--reason", "incident", "--id", "glass", "--local", "--yes");
        (await fleet.Proxy.GetAsync("/v1/a", "mallory")).AssertRefused(429, "kill_switch");
        await fleet.RestartEdgeAsync();
        await fleet.Edge.WaitReadyAsync();
        (await fleet.Proxy.GetAsync("/v1/a", "mallory")).AssertRefused(429, "kill_switch");

        await fleet.ControlPlane.StartAsync();
        await Eventually.TrueAsync(
            async () => (await fleet.Cli.OutputAsync("audit", "list", "--json")).Contains("glass", StringComparison.Ordinal),
            TimeSpan.FromMinutes(3),
            interval: Eventually.Unhurried);
        (await fleet.Proxy.GetAsync("/v1/a", "mallory")).AssertRefused(429, "kill_switch");
        await fleet.Cli.OutputAsync("kill", "remove", "glass", "--reason", "over", "--local", "--yes");
        (await fleet.Proxy.GetAsync("/v1/a", "mallory")).AssertPassed();
    }
}
