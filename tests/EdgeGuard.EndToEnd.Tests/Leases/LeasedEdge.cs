using System.Text.Json;
using EdgeGuard.EndToEnd.Tests.Fleet;

namespace EdgeGuard.EndToEnd.Tests.Leases;

/// <summary>One of several edges of a fleet, and what it has admitted of each key.</summary>
internal sealed class LeasedEdge : IAsyncDisposable
{
    private readonly EdgeSettings _settings;
    private ProxyClient _client;

    private LeasedEdge(EdgeSettings settings, EdgeProcess process)
    {
        _settings = settings;
        Process = process;
        _client = new ProxyClient(process.Proxy);
    }

    public EdgeProcess Process { get; private set; }

    /// <summary>Adds an edge to a fleet, and starts it.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="id">The edge's id.</param>
    /// <param name="controlPlanePort">Where it finds the control plane; null for its own address.</param>
    public static async Task<LeasedEdge> StartAsync(TestFleet fleet, string id, int? controlPlanePort = null)
    {
        JsonElement credentials = await fleet.Cli.JsonAsync("edge", "add", id);
        EdgeSettings settings = fleet.EdgeSettings with
        {
            StateDir = fleet.Folder.Combine(id),
            EdgeId = id,
            EdgeToken = credentials.GetProperty("edge_token").GetString()!,
            SigningKey = credentials.GetProperty("signing_key").GetString()!,
            ControlPlaneUrl = $"https://127.0.0.1:{controlPlanePort ?? fleet.ControlPlane.Url.Port}",
        };
        return new LeasedEdge(settings, await EdgeProcess.StartAsync(settings));
    }

    /// <summary>One request; whether it was admitted.</summary>
    public async Task<bool> SpendAsync(string key)
    {
        ProxyAnswer answer = await _client.GetAsync("/v1/a", key);
        Assert.True(answer.Reason is "" or "budget_exceeded", $"{answer.Status} {answer.Reason} {answer.Body}");
        return answer.Reason.Length == 0;
    }

    /// <summary>Ends the process as a crash would, and starts another one on what it left.</summary>
    public async Task KillAndRestartAsync()
    {
        Process.Process.Kill();
        await Process.Process.WaitForExitAsync();
        await Process.DisposeAsync();
        _client.Dispose();
        Process = await EdgeProcess.StartAsync(_settings);
        _client = new ProxyClient(Process.Proxy);
        await Process.WaitReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Process.DisposeAsync();
    }
}
