using System.Text;
using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Fuse;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.State;
using EdgeGuard.Edge.Tests.Bundles;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.Fuse;

/// <summary>A real edge whose new bundle refuses nearly everything.</summary>
public sealed class RevertedBundleTests
{
    private const string Top = "fuse: {enabled: true, min_requests: 10}";

    [Fact]
    public async Task BundleThatRefusesFarMore_IsTakenBack_AndDoesNotComeAgain()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(1, burst: 50));
        await SendAsync(edge, 20);
        await TripAsync(edge);

        using var answer = await edge.GetAsync("/v1/a", ("x-api-key", "other"));
        Assert.Equal("200 allow", answer.Verdict());
        var attempt = FileReloadTests.Status(edge).LastAttempt!;
        Assert.Equal((false, 2L), (attempt.Result.Applied, attempt.Result.Version));
        var problem = Assert.Single(attempt.Result.Diagnostics);
        Assert.Equal(EdgeCodes.BundleReverted, problem.Code);
        Assert.Contains("under the bundle before", problem.Message, StringComparison.Ordinal);
        var metrics = await edge.Probes.GetStringAsync("/metrics");
        Assert.Contains("edgeguard_fuse_trips_total 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("edgeguard_fuse_watching 0\n", metrics, StringComparison.Ordinal);

        // The same content again, by whatever way; another version is another matter.
        Assert.Equal(EdgeCodes.BundleReverted, Assert.Single(Activate(edge, Narrow(2)).Diagnostics).Code);
        Assert.Equal(1L, FileReloadTests.Status(edge).Active!.Version);
        Assert.True(Activate(edge, TestBundles.PerKey(3)).Applied);
    }

    [Fact]
    public async Task Restart_AfterwardsGoesOnWithTheBundleBefore()
    {
        var first = await EdgeUnderTest.StartAsync(TestBundles.PerKey(1, burst: 50));
        await SendAsync(first, 20);
        await TripAsync(first);
        using var folder = await first.StopAsync();
        await using var edge = await EdgeUnderTest.StartInAsync(folder, options => options with { BundleFile = folder.Combine("bundle.yaml") });

        Assert.Equal((1L, BundleActivator.LastGood), (FileReloadTests.Status(edge).Active!.Version, FileReloadTests.Status(edge).Active!.Origin));
        Assert.Equal(EdgeCodes.BundleReverted, Assert.Single(FileReloadTests.Status(edge).LastAttempt!.Result.Diagnostics).Code);
        Assert.False(Activate(edge, Narrow(2)).Applied);

        // Once a later one is in force, the way back is closed: what the fuse went back to is old now.
        Assert.True(Activate(edge, TestBundles.PerKey(3)).Applied);
        Assert.Contains(Activate(edge, TestBundles.PerKey(1, burst: 50)).Diagnostics, finding => finding.Code == "EG2101");
    }

    [Fact]
    public async Task StateThatIsTorn_IsSetAside_AndTheStartGoesOn()
    {
        var first = await EdgeUnderTest.StartAsync(TestBundles.PerKey(1));
        using var folder = await first.StopAsync();
        File.WriteAllText(folder.Combine("state/" + StateFiles.RevertedBundle), "{\"digest\":");
        await using var edge = await EdgeUnderTest.StartInAsync(folder, options => options with { BundleFile = folder.Combine("bundle.yaml") });

        Assert.Equal(1L, FileReloadTests.Status(edge).Active!.Version);
        Assert.True(Activate(edge, TestBundles.PerKey(2)).Applied);
        Assert.True(File.Exists(folder.Combine("state/" + StateFiles.RevertedBundle + ".set-aside")));
    }

    [Fact]
    public async Task BundleThatIsNotInForceAnyMore_IsNotTakenBack()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(1, burst: 50));
        await SendAsync(edge, 20);
        Assert.True(Activate(edge, Narrow(2)).Applied);
        var watched = FileReloadTests.Status(edge).Active!.Digest;
        Assert.True(Activate(edge, TestBundles.PerKey(3)).Applied);

        edge.Host.Services.GetRequiredService<BundleActivator>().Revert(new FuseTrip(watched, default, default));

        Assert.Equal(3L, FileReloadTests.Status(edge).Active!.Version);
    }

    [Fact]
    public async Task BundleThatReplacedAWatchedOne_GoesBackToTheLastThatWasNotWatched()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.PerKey(1, burst: 50));
        await SendAsync(edge, 20);
        Assert.True(Activate(edge, Narrow(2)).Applied);
        Assert.True(Activate(edge, Narrow(3)).Applied);

        edge.Host.Services.GetRequiredService<BundleActivator>().Revert(new FuseTrip(FileReloadTests.Status(edge).Active!.Digest, default, default));

        Assert.Equal(1L, FileReloadTests.Status(edge).Active!.Version);
        Assert.False(Activate(edge, Narrow(2)).Applied);
        Assert.False(Activate(edge, Narrow(3)).Applied);
    }

    private static async Task TripAsync(EdgeUnderTest edge)
    {
        edge.Folder.Write("bundle.yaml", Narrow(2));
        Assert.True(Activate(edge, Narrow(2)).Applied);
        Assert.Contains("edgeguard_fuse_watching 1\n", await edge.Probes.GetStringAsync("/metrics"), StringComparison.Ordinal);
        await SendAsync(edge, 20);
        await Eventually.TrueAsync(
            () =>
            {
                edge.Time.Advance(TimeSpan.FromSeconds(1));
                return FileReloadTests.Status(edge).Active!.Version == 1;
            },
            what: "the bundle before");
    }

    private static string Narrow(int version) => TestBundles.PerKey(version, burst: 1, Top);

    private static ActivationResult Activate(EdgeUnderTest edge, string bundle) =>
        edge.Host.Services.GetRequiredService<BundleActivator>().Activate(Encoding.UTF8.GetBytes(bundle), "file");

    private static async Task SendAsync(EdgeUnderTest edge, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var response = await edge.GetAsync("/v1/a", ("x-api-key", "k"));
        }
    }
}
