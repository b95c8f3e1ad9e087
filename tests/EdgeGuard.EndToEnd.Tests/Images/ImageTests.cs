using System.Net;
using System.Net.Sockets;
using EdgeGuard.EndToEnd.Tests.Bundles;
using EdgeGuard.EndToEnd.Tests.Fleet;

namespace EdgeGuard.EndToEnd.Tests.Images;

/// <summary>The images, without a container engine: what the Dockerfiles say exists, and what they would hold runs the way it would run there.</summary>
public sealed class ImageTests
{
    [Theory]
    [InlineData("Dockerfile.edge", new[] { 8080, 8081, 8082, 9090 })]
    [InlineData("Dockerfile.control-plane", new[] { 8443 })]
    public void Dockerfile_AsWritten_IsSafeAndNamesWhatExists(string name, int[] ports)
    {
        Dockerfile file = Read(name);
        foreach (string source in file.Copies.SelectMany(copy => copy.Sources))
        {
            string path = RepositoryRoot.Combine(source.TrimEnd('/'));
            Assert.True(File.Exists(path) || Directory.Exists(path), $"COPY {source}: there is no such file");
        }

        Assert.Contains(file.Build, line => line.Instruction == "FROM" && line.Arguments.StartsWith("--platform=$BUILDPLATFORM ", StringComparison.Ordinal));
        Assert.Contains(file.Commands, command => command.Contains("dotnet restore", StringComparison.Ordinal) && command.Contains("--locked-mode", StringComparison.Ordinal));
        Assert.EndsWith("-chiseled-extra", file.FinalImage, StringComparison.Ordinal);
        Assert.DoesNotContain(file.Final, line => line.Instruction is "RUN" or "SHELL" or "ADD");
        Assert.Equal("$APP_UID", file.Single("USER"));
        Assert.Equal(ports, file.Ports);
        Assert.Equal(["dotnet", file.Entrypoint[1], "health"], file.HealthCheck);
        Assert.Contains(file.Environment, item => item.Value == Assert.Single(file.Volumes));
        Assert.Contains("org.opencontainers.image.title", file.Single("LABEL"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EdgeImage_AsUnprivilegedUserOnAReadOnlyRoot_IsHealthyAndDecides()
    {
        string? obstacle = await ImageRoot.WhyNotAsync();
        Assert.SkipUnless(obstacle is null, $"an image cannot be imitated on this machine: {obstacle}");
        Dockerfile file = Read("Dockerfile.edge");
        using PublishedImage image = new(file);
        await image.BuildAsync();
        Assert.True(File.Exists(Path.Combine(image.Application, Path.GetFileName(file.Entrypoint[1]))));

        await using StandaloneSite site = await StandaloneSite.CreateAsync();
        using TempFolder volume = new();
        string bundle = await site.SignAsync(SampleBundles.Generous("api"));
        volume.Write("bundle.jws", bundle);
        File.SetUnixFileMode(volume.Combine("bundle.jws"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        site.Install(bundle);
        string inside = Assert.Single(file.Volumes);
        int probes = FreePort();
        Dictionary<string, string> environment = new(file.Environment, StringComparer.Ordinal)
        {
            ["EDGEGUARD_BUNDLE_FILE"] = inside + "/bundle.jws",
            ["EDGEGUARD_SIGNING_KEY"] = site.EdgeSettings.SigningKey,
            ["EDGEGUARD_CLUSTERS__DEFAULT__DESTINATIONS"] = site.EdgeSettings.Upstream,
            ["EDGEGUARD_LISTEN__PROXY"] = "127.0.0.1:0",
            ["EDGEGUARD_LISTEN__DECISION"] = "127.0.0.1:0",
            ["EDGEGUARD_LISTEN__DECISION_HTTP2"] = "off",
            ["EDGEGUARD_LISTEN__PROBES"] = $"127.0.0.1:{probes}",
        };
        ImageRoot root = new(image.Application, inside, volume.Path);
        await AssertUnhealthyAsync(root, file, environment);

        await using ProcessRunner edge = root.Start(file.Entrypoint, environment);
        using ProxyClient client = new(new Uri(await edge.WaitForListeningAsync("proxy")));
        await AssertHealthyAsync(root, file, environment, edge);
        (await client.GetAsync("/v1/a", "alice")).AssertPassed();
        AssertUnprivileged(edge.Id);
        Assert.True(File.Exists(volume.Combine("bundle.last-good")), "the state did not go to the declared volume");
        Assert.Equal(0, (await edge.StopAsync()).ExitCode);
    }

    [Fact]
    public async Task ControlPlaneImage_AsUnprivilegedUserOnAReadOnlyRoot_IsHealthy()
    {
        string? obstacle = await ImageRoot.WhyNotAsync();
        Assert.SkipUnless(obstacle is null, $"an image cannot be imitated on this machine: {obstacle}");
        Dockerfile file = Read("Dockerfile.control-plane");
        using PublishedImage image = new(file);
        await image.BuildAsync();

        using TempFolder volume = new();
        string inside = Assert.Single(file.Volumes);
        Dictionary<string, string> environment = new(file.Environment, StringComparer.Ordinal) { ["EDGEGUARD_CP_LISTEN"] = $"127.0.0.1:{FreePort()}" };
        ImageRoot root = new(image.Application, inside, volume.Path);
        await using (ProcessRunner init = root.Start([.. file.Entrypoint, "init", "--organization", "demo", "--user", "admin@example.org"], environment))
        {
            ProcessResult created = await init.WaitForExitAsync();
            Assert.True(created.ExitCode == 0, created.ToString());
        }

        await using ProcessRunner controlPlane = root.Start(file.Entrypoint, environment);
        await controlPlane.WaitForListeningAsync();
        await AssertHealthyAsync(root, file, environment, controlPlane);
        AssertUnprivileged(controlPlane.Id);
        Assert.Equal(0, (await controlPlane.StopAsync()).ExitCode);
    }

    private static Dockerfile Read(string name) => new(File.ReadAllText(RepositoryRoot.Combine(name)));

    private static async Task AssertHealthyAsync(ImageRoot root, Dockerfile file, Dictionary<string, string> environment, ProcessRunner subject)
    {
        ProcessResult result = null!;
        try
        {
            await Eventually.TrueAsync(async () => (result = await HealthAsync(root, file, environment)).ExitCode == 0, interval: Eventually.Unhurried);
        }
        catch (TimeoutException problem)
        {
            throw new TimeoutException($"{problem.Message}: {result}\n{subject.Text()}", problem);
        }
    }

    private static async Task AssertUnhealthyAsync(ImageRoot root, Dockerfile file, Dictionary<string, string> environment)
        => Assert.NotEqual(0, (await HealthAsync(root, file, environment)).ExitCode);

    private static async Task<ProcessResult> HealthAsync(ImageRoot root, Dockerfile file, Dictionary<string, string> environment)
    {
        await using ProcessRunner health = root.Start(file.HealthCheck, environment);
        return await health.WaitForExitAsync();
    }

    /// <summary>As the kernel sees the process: not root, no capability, none to be had.</summary>
    private static void AssertUnprivileged(int processId)
    {
        Dictionary<string, string> status = File.ReadLines($"/proc/{processId}/status")
            .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        Assert.DoesNotContain("0", status["Uid"].Split('\t'));
        Assert.Equal("0000000000000000", status["CapEff"]);
        Assert.Equal("1", status["NoNewPrivs"]);
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
