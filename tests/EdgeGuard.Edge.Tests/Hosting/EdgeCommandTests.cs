using System.Net;
using System.Net.Sockets;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tests.Support;

namespace EdgeGuard.Edge.Tests.Hosting;

public sealed class EdgeCommandTests
{
    [Fact]
    public async Task Address_InUse_IsNamed()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        var address = taken.LocalEndPoint!.ToString()!;
        var problem = await Assert.ThrowsAsync<StartException>(() => EdgeUnderTest.StartAsync(
            TestBundles.Open(), options => options with { Listen = options.Listen with { Decision = address } }));
        var diagnostic = Assert.Single(problem.Diagnostics);

        Assert.Equal((ExitCode.Unreachable, EdgeCodes.AddressUnavailable), (problem.Code, diagnostic.Code));
        Assert.Contains(address, diagnostic.Message, StringComparison.Ordinal);
        Assert.Contains("in use", diagnostic.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--version", "edgeguard-edge ")]
    [InlineData("--help", "--listen.proxy")]
    public async Task Flag_ThatOnlyTells_Tells(string flag, string expected)
    {
        var output = new StringWriter();

        Assert.Equal(ExitCode.Ok, await EdgeCommand.RunAsync([flag], output, TextWriter.Null));
        Assert.Contains(expected, output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongOptions_AreAllToldAtOnce()
    {
        var error = new StringWriter();

        Assert.Equal(ExitCode.Usage, await EdgeCommand.RunAsync(["--nonsense", "1", "--listen.proxy", "here"], TextWriter.Null, error));
        Assert.Contains("nonsense", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("listen.proxy", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_OfAnEdge_FollowsReadiness()
    {
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open());
        var probes = edge.Host.AddressOf(DoorTag.Probes);

        Assert.Equal(ExitCode.Ok, await Health(probes + "/readyz"));
        Assert.Equal(ExitCode.Findings, await Health(probes + "/nothing"));
    }

    [Fact]
    public async Task Health_OfNobody_IsUnreachable() => Assert.Equal(ExitCode.Unreachable, await Health("http://127.0.0.1:1/readyz"));

    [Theory]
    [InlineData(null, "http://127.0.0.1:9090/readyz")]
    [InlineData("0.0.0.0:9999", "http://127.0.0.1:9999/readyz")]
    [InlineData("off", "http://127.0.0.1:9090/readyz")]
    public void Health_WithoutUrl_AsksTheConfiguredPort(string? listen, string url) => Assert.Equal(url, HealthCheck.DefaultUrl(listen));

    private static Task<ExitCode> Health(string url) => EdgeCommand.RunAsync(["health", "--url", url], TextWriter.Null, TextWriter.Null);
}
