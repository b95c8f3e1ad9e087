using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.Bundles;

public sealed class FileReloadTests
{
    [Fact]
    public async Task File_ThatChanges_ComesIntoForce()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open(1, "one"));
        edge.Folder.Write("bundle.yaml", TestBundles.Open(2, "two"));

        await UntilVersion(edge, 2);
        using var response = await edge.GetAsync("/a");
        Assert.StartsWith("\"two\"", response.Header("RateLimit-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConfigMap_WhoseDataLinkIsSwapped_ComesIntoForce()
    {
        using var volume = new TempFolder();
        WriteGeneration(volume, "..2026_01", TestBundles.Open(1, "one"));
        Directory.CreateSymbolicLink(volume.Combine("..data"), "..2026_01");
        File.CreateSymbolicLink(volume.Combine("bundle.yaml"), Path.Combine("..data", "bundle.yaml"));
        await using var edge = await EdgeUnderTest.StartAsync(
            string.Empty, options => options with { BundleFile = volume.Combine("bundle.yaml") });

        // As the kubelet does it: a new folder, a new link, and one rename over the old link.
        WriteGeneration(volume, "..2026_02", TestBundles.Open(2, "two"));
        Directory.CreateSymbolicLink(volume.Combine("..data_tmp"), "..2026_02");
        AtomicRename.Replace(volume.Combine("..data_tmp"), volume.Combine("..data"));
        Directory.Delete(volume.Combine("..2026_01"), recursive: true);

        await UntilVersion(edge, 2);
    }

    [Theory]
    [InlineData("not: [a bundle", "")]
    [InlineData("format: edgeguard/v1\nbundle_version: 5\npolicies: nonsense\n", "")]
    public async Task File_WithBadContent_ChangesNothing_AndShows(string content, string nothing)
    {
        Assert.Empty(nothing);
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open(1, "one"));
        edge.Folder.Write("bundle.yaml", content);

        await UntilAttempt(edge, attempt => !attempt.Result.Applied);
        using var response = await edge.GetAsync("/a");
        Assert.StartsWith("\"one\"", response.Header("RateLimit-Policy"), StringComparison.Ordinal);
        Assert.Contains("edgeguard_bundle_activation_total{result=\"refused\"} 1", await edge.Probes.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.Contains("\"applied\":false", await edge.Probes.GetStringAsync("/readyz"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_WhoseOwnTestsFail_ChangesNothing()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open(1, "one"));
        edge.Folder.Write("bundle.yaml", TestBundles.Open(2, "two") + TestBundles.FailingTests);

        var attempt = await UntilAttempt(edge, attempt => !attempt.Result.Applied);

        Assert.Contains(attempt.Result.Diagnostics, diagnostic => diagnostic.Code == "EG1401");
        Assert.Equal(1, Status(edge).Active!.Version);
        edge.Folder.Write("bundle.yaml", TestBundles.Open(2, "two"));
        await UntilVersion(edge, 2);
    }

    [Theory]
    [InlineData(1, "EG2101")]
    [InlineData(2, "EG21")]
    public async Task File_WithAnOlderOrEqualVersion_AndOtherContent_IsRefused(int version, string code)
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open(2, "two"));
        edge.Folder.Write("bundle.yaml", TestBundles.Open(version, "other"));

        var attempt = await UntilAttempt(edge, attempt => !attempt.Result.Applied);
        Assert.Contains(attempt.Result.Diagnostics, diagnostic => diagnostic.Code.StartsWith(code, StringComparison.Ordinal));
        Assert.Equal(2, Status(edge).Active!.Version);
    }

    [Fact]
    public async Task File_Touched_IsTheSameBundleAgain()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open(2, "two"));
        edge.Folder.Write("bundle.yaml", TestBundles.Open(2, "two") + "\n# touched\n");

        var before = Status(edge).Active;
        await Eventually.TrueAsync(async () =>
        {
            edge.Time.Advance(TimeSpan.FromSeconds(1));
            return (await edge.Probes.GetStringAsync("/metrics")).Contains("result=\"unchanged\"} 1", StringComparison.Ordinal);
        });
        Assert.Same(before, Status(edge).Active);
    }

    [Fact]
    public async Task Restart_WithABadFile_GoesOnWithTheLastGoodBundle()
    {
        var first = await EdgeUnderTest.StartAsync(TestBundles.Open(3, "three"));
        using var folder = await first.StopAsync();
        folder.Write("bundle.yaml", "nonsense");
        await using var edge = await EdgeUnderTest.StartInAsync(folder, options => options with { BundleFile = folder.Combine("bundle.yaml") });

        Assert.Equal((3, BundleActivator.LastGood), (Status(edge).Active!.Version, Status(edge).Active!.Origin));
        using var response = await edge.GetAsync("/a");
        Assert.Equal("200 allow", response.Verdict());
    }

    [Fact]
    public async Task Restart_WithAnOlderFile_IsNoWayBack()
    {
        var first = await EdgeUnderTest.StartAsync(TestBundles.Open(3, "three"));
        using var folder = await first.StopAsync();
        folder.Write("bundle.yaml", TestBundles.Open(2, "two"));
        await using var edge = await EdgeUnderTest.StartInAsync(folder, options => options with { BundleFile = folder.Combine("bundle.yaml") });

        Assert.Equal(3, Status(edge).Active!.Version);
    }

    [Fact]
    public async Task FirstStart_WithABadFile_Fails_WithEveryProblem()
    {
        var problem = await Assert.ThrowsAsync<StartException>(() => EdgeUnderTest.StartAsync("format: edgeguard/v1\npolicies: 7\nwhat: 1\n"));

        Assert.Equal(ExitCode.Refused, problem.Code);
        Assert.True(problem.Diagnostics.Length > 1);
    }

    [Fact]
    public async Task FirstStart_WithoutTheFile_Fails()
    {
        var problem = await Assert.ThrowsAsync<StartException>(
            () => EdgeUnderTest.StartAsync(string.Empty, options => options with { BundleFile = "/nowhere/bundle.yaml" }));

        Assert.Equal(EdgeCodes.BundleUnreadable, Assert.Single(problem.Diagnostics).Code);
    }

    [Fact]
    public async Task Unsigned_NotAccepted_IsRefused()
    {
        var problem = await Assert.ThrowsAsync<StartException>(
            () => EdgeUnderTest.StartAsync(TestBundles.Open(), options => options with { Bundle = new Options.BundleOptions() }));

        Assert.Equal(EdgeCodes.BundleFormNotAccepted, Assert.Single(problem.Diagnostics).Code);
    }

    [Fact]
    public async Task MinVersion_Above_IsRefused()
    {
        var problem = await Assert.ThrowsAsync<StartException>(() => EdgeUnderTest.StartAsync(
            TestBundles.Open(6), options => options with { Bundle = options.Bundle with { MinVersion = 7 } }));

        Assert.Contains(problem.Diagnostics, diagnostic => diagnostic.Code == EdgeCodes.BundleBelowMinimum);
    }

    internal static BundleStatus Status(EdgeUnderTest edge) => edge.Host.Services.GetRequiredService<BundleStatus>();

    internal static Task UntilVersion(EdgeUnderTest edge, long version) => Eventually.TrueAsync(() =>
    {
        edge.Time.Advance(TimeSpan.FromSeconds(1));
        return Status(edge).Active?.Version == version;
    });

    internal static async Task<ActivationAttempt> UntilAttempt(EdgeUnderTest edge, Func<ActivationAttempt, bool> fits)
    {
        await Eventually.TrueAsync(() =>
        {
            edge.Time.Advance(TimeSpan.FromSeconds(1));
            return Status(edge).LastAttempt is { } attempt && fits(attempt);
        });
        return Status(edge).LastAttempt!;
    }

    private static void WriteGeneration(TempFolder volume, string name, string bundle)
    {
        Directory.CreateDirectory(volume.Combine(name));
        File.WriteAllText(volume.Combine(name, "bundle.yaml"), bundle);
    }
}
