using EdgeGuard.EndToEnd.Tests.Fleet;

namespace EdgeGuard.EndToEnd.Tests.ControlPlane;

/// <summary>What a connected edge must not put in force, however it reached it: through the control plane, or in its own state directory.</summary>
public sealed class RefusedDocumentTests
{
    private const string LastGood = "bundle.last-good";

    [Fact]
    public async Task LastGood_WithOneByteChanged_IsRefusedAtARestart()
    {
        await using TestFleet fleet = await StartWithBundleAsync();
        await fleet.ControlPlane.StopAsync();
        await fleet.Edge.StopAsync();
        string file = Path.Combine(fleet.StateDir, LastGood);
        byte[] document = await File.ReadAllBytesAsync(file);
        int payload = Array.IndexOf(document, (byte)'.') + 20;
        document[payload] = document[payload] == (byte)'A' ? (byte)'B' : (byte)'A';
        await File.WriteAllBytesAsync(file, document);

        await AssertStartsWithoutAsync(fleet, "EG2001");
    }

    [Fact]
    public async Task LastGood_OfAnOlderVersion_IsRefusedAtARestart()
    {
        await using TestFleet fleet = await StartWithBundleAsync();
        string file = Path.Combine(fleet.StateDir, LastGood);
        byte[] older = await File.ReadAllBytesAsync(file);
        await fleet.PushAsync(SampleBundles.Generous("newer"));
        await fleet.ControlPlane.StopAsync();
        await fleet.Edge.StopAsync();
        Assert.NotEqual(older, await File.ReadAllBytesAsync(file));
        await File.WriteAllBytesAsync(file, older);

        await AssertStartsWithoutAsync(fleet, "EG2101");
    }

    [Fact]
    public async Task SigningKey_ThatIsAnotherEdges_GetsNothing()
    {
        await using TestFleet fleet = await TestFleet.StartAsync();
        string other = (await fleet.Cli.JsonAsync("edge", "add", "edge-2")).GetProperty("signing_key").GetString()!;
        await fleet.Cli.OutputAsync("push", fleet.Folder.Write("bundle.yaml", SampleBundles.PerKey), "--yes");
        await fleet.StartEdgeAsync(settings => settings with { SigningKey = other });

        await Eventually.TrueAsync(
            async () => (await fleet.Cli.OutputAsync("status", "--local")).Contains("EG33", StringComparison.Ordinal),
            what: "the edge says that it is refused",
            interval: Eventually.Unhurried);
        (await fleet.Proxy.GetAsync("/v1/a", "alice")).AssertRefused(503, "no_bundle_loaded");
        Assert.DoesNotContain(other.Split(':')[1], fleet.Edge.Process.Text() + fleet.ControlPlane.Process!.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bundle_ThatHasExpired_IsNotPublished()
    {
        await using TestFleet fleet = await StartWithBundleAsync();
        string file = fleet.Folder.Write(
            "expired.yaml", SampleBundles.Generous("late").Replace("policies:", "expires_at: 2020-01-01T00:00:00Z\npolicies:", StringComparison.Ordinal));

        ProcessResult result = await fleet.Cli.RunAsync("push", file, "--yes");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("expires_at", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await fleet.Cli.JsonAsync("status")).GetProperty("bundle_version").GetInt64());
        (await fleet.Proxy.GetAsync("/v1/a")).AssertRefused(403, "descriptor_missing");
    }

    private static async Task<TestFleet> StartWithBundleAsync()
    {
        TestFleet fleet = await TestFleet.StartAsync();
        await fleet.StartEdgeAsync();
        await fleet.PushAsync(SampleBundles.PerKey);
        return fleet;
    }

    private static async Task AssertStartsWithoutAsync(TestFleet fleet, string code)
    {
        await fleet.Edge.DisposeAsync();
        await fleet.StartEdgeAsync();
        (int status, string body) = await fleet.Edge.ReadinessAsync();

        Assert.Equal(503, status);
        Assert.Contains("no_bundle_loaded", body, StringComparison.Ordinal);
        Assert.Contains(code, await fleet.Cli.OutputAsync("status", "--local"), StringComparison.Ordinal);
        (await fleet.Proxy.GetAsync("/v1/a", "alice")).AssertRefused(503, "no_bundle_loaded");
    }
}
