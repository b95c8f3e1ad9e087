using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Sync;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.Support;

/// <summary>A whole edge in this process, connected to a fake control plane, with its state in a folder of the test.</summary>
internal sealed class ConnectedEdge : IAsyncDisposable
{
    private readonly EdgeHost _host;

    private ConnectedEdge(EdgeHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public PolicySnapshot Snapshot => Get<SnapshotHolder>().Current;

    public SyncStatus Status => Get<SyncStatus>();

    /// <summary>Ids of the pushed kill switches in force.</summary>
    public IReadOnlyList<string> Pushed =>
        [.. Snapshot.KillSwitches.Where(entry => entry.Origin == "pushed").Select(entry => entry.Switch.Id).Order(StringComparer.Ordinal)];

    public EdgeHost Host => _host;

    public static EdgeOptions Options(FakeControlPlane plane, TempFolder folder, TestCertificates certificates) => new()
    {
        EdgeId = FakeControlPlane.EdgeId,
        EdgeToken = new SecretText(FakeControlPlane.Token),
        ControlPlaneUrl = plane.Url,
        ControlPlaneCaFile = folder.Write("ca.pem", certificates.AuthorityPem),
        SigningKey = new SecretText(plane.Key.Export()),
        StateDir = folder.Combine("state"),
        CountersMemoryBytes = 1024 * 1024,
        TelemetryInterval = TimeSpan.FromHours(1), // Tests flush on demand.
        Listen = new ListenOptions { Proxy = "off", Decision = "127.0.0.1:0", DecisionHttp2 = "off", Probes = "127.0.0.1:0" },
        LogLevel = "error",
    };

    public static async Task<ConnectedEdge> StartAsync(EdgeOptions options, TimeProvider? time = null) =>
        new(await EdgeHost.StartAsync(options, new EdgeHostSettings { Time = time ?? TimeProvider.System }));

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public Task StopAsync() => _host.StopAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
