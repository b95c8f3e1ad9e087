using System.Text.Json;

namespace EdgeGuard.EndToEnd.Tests.Fleet;

/// <summary>A real control plane with one organization, one edge and its credentials, a real upstream, a real identity provider, and the real CLI.</summary>
internal sealed class TestFleet : IAsyncDisposable
{
    public const string EdgeId = "edge-1";

    private readonly TestCertificates _certificates = new();
    private string _caFile = string.Empty;
    private string _edgeToken = string.Empty;
    private string _signingKey = string.Empty;

    private TestFleet() => ControlPlane = new ControlPlaneProcess(Folder.Combine("control-plane"));

    public TempFolder Folder { get; } = new();

    public ControlPlaneProcess ControlPlane { get; }

    public FakeUpstream Upstream { get; private set; } = null!;

    /// <summary>Over TLS with a certificate of this fleet's own authority, which its edges trust.</summary>
    public JwksServer Jwks { get; private set; } = null!;

    public CommandLineClient Cli { get; private set; } = null!;

    public EdgeProcess Edge { get; private set; } = null!;

    public ProxyClient Proxy { get; private set; } = null!;

    public string StateDir => Folder.Combine("edge");

    /// <summary>Starts control plane, upstream and identity provider, and adds the edge without starting it.</summary>
    public static async Task<TestFleet> StartAsync()
    {
        TestFleet fleet = new();
        fleet._certificates.WritePem(fleet.Folder.Path);
        fleet.Upstream = await FakeUpstream.StartAsync();
        fleet.Jwks = await JwksServer.StartAsync(fleet._certificates.IssueServer());
        (string accessToken, fleet._caFile) = await fleet.ControlPlane.InitAsync();
        await fleet.ControlPlane.StartAsync();
        fleet.Cli = CommandLineClient.For(fleet.ControlPlane.Url, accessToken, fleet._caFile, Path.Combine(fleet.StateDir, "admin.sock"));
        JsonElement edge = await fleet.Cli.JsonAsync("edge", "add", EdgeId);
        fleet._edgeToken = edge.GetProperty("edge_token").GetString()!;
        fleet._signingKey = edge.GetProperty("signing_key").GetString()!;
        return fleet;
    }

    /// <summary>What the edge is started with; a test changes what it is about.</summary>
    public EdgeSettings EdgeSettings => new()
    {
        StateDir = StateDir,
        Upstream = Upstream.Address.GetLeftPart(UriPartial.Authority),
        EdgeId = EdgeId,
        EdgeToken = _edgeToken,
        SigningKey = _signingKey,
        ControlPlaneUrl = ControlPlane.Url.GetLeftPart(UriPartial.Authority),
        CaFile = _caFile,
        More = new Dictionary<string, string>(StringComparer.Ordinal) { ["FETCH__ALLOWED_HOSTS"] = "127.0.0.1,localhost" },
        SystemAuthorities = Folder.Combine("ca.pem"),
    };

    public async Task<EdgeProcess> StartEdgeAsync(Func<EdgeSettings, EdgeSettings>? change = null)
    {
        Edge = await EdgeProcess.StartAsync(change is null ? EdgeSettings : change(EdgeSettings));
        Proxy?.Dispose();
        Proxy = new ProxyClient(Edge.Proxy);
        return Edge;
    }

    /// <summary>Ends the edge as an operator would, and starts it again on the same state.</summary>
    public async Task RestartEdgeAsync()
    {
        ProcessResult result = await Edge.StopAsync();
        Assert.Equal(0, result.ExitCode);
        await Edge.DisposeAsync();
        await StartEdgeAsync();
    }

    /// <summary>Publishes a bundle and waits until the edge has it in force.</summary>
    public async Task PushAsync(string yaml)
    {
        string file = Folder.Write($"bundle-{Guid.NewGuid():N}.yaml", yaml);
        long version = (await Cli.JsonAsync("push", file, "--yes")).GetProperty("version").GetInt64();
        await WaitForBundleAsync(version);
    }

    public Task WaitForBundleAsync(long version)
        => Eventually.TrueAsync(async () => (await Edge.ReadinessAsync()).Body.Contains($"\"version\":{version},", StringComparison.Ordinal), what: $"bundle {version} in force");

    /// <summary>Sums of the telemetry at the control plane by reason, shadow outcomes left out; the empty reason is an allow.</summary>
    public async Task<Dictionary<string, long>> CountedAsync()
    {
        using ControlPlaneReader reader = new(Cli);
        JsonElement summary = await reader.GetAsync("/api/v1/telemetry/summary");
        return summary.GetProperty("decisions").EnumerateArray()
            .Where(count => !count.GetProperty("shadow").GetBoolean())
            .GroupBy(count => count.GetProperty("reason").GetString()!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Sum(count => count.GetProperty("count").GetInt64()), StringComparer.Ordinal);
    }

    /// <summary>Waits until everything sent has been counted, and holds that it was counted exactly.</summary>
    public async Task AssertCountedAsync(IReadOnlyDictionary<string, long> sent)
    {
        Dictionary<string, long> counted = [];
        await Eventually.TrueAsync(
            async () => (counted = await CountedAsync()).Values.Sum() >= sent.Values.Sum(), what: "everything is counted", interval: Eventually.Unhurried);
        Assert.Equal(new SortedDictionary<string, long>(sent.ToDictionary(), StringComparer.Ordinal), new SortedDictionary<string, long>(counted, StringComparer.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        Proxy?.Dispose();
        if (Edge is not null)
        {
            await Edge.DisposeAsync();
        }

        await ControlPlane.DisposeAsync();
        await Jwks.DisposeAsync();
        await Upstream.DisposeAsync();
        _certificates.Dispose();
        Folder.Dispose();
    }
}
