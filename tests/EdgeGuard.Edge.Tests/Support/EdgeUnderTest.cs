using System.Collections.Immutable;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.Support;

/// <summary>A real edge on free ports, in this process, in front of a real upstream. Time stands still unless a test moves it.</summary>
internal sealed class EdgeUnderTest : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly EdgeHost _host;

    private EdgeUnderTest(TempFolder folder, FakeUpstream upstream, EdgeHost host, TestTimeProvider time)
    {
        _folder = folder;
        _host = host;
        Upstream = upstream;
        Time = time;
        Proxy = ClientOf(DoorTag.Proxy);
        Decision = ClientOf(DoorTag.Decision);
        Probes = ClientOf(DoorTag.Probes)!;
    }

    public FakeUpstream Upstream { get; }

    public TestTimeProvider Time { get; }

    public HttpClient? Proxy { get; }

    public HttpClient? Decision { get; }

    /// <summary>Null, unlike what its type says, in the few tests that have no probes.</summary>
    public HttpClient Probes { get; }

    public EdgeHost Host => _host;

    public TempFolder Folder => _folder;

    public string BundlePath => _folder.Combine("bundle.yaml");

    /// <summary>Starts an edge with an unsigned bundle file.</summary>
    public static async Task<EdgeUnderTest> StartAsync(
        string bundle, Func<EdgeOptions, EdgeOptions>? change = null, EdgeHostSettings? settings = null)
    {
        var folder = new TempFolder();
        folder.Write("bundle.yaml", bundle);
        return await StartInAsync(folder, options => (change ?? (same => same))(options with { BundleFile = folder.Combine("bundle.yaml") }), settings);
    }

    /// <summary>Starts an edge in a folder that may hold the state of an earlier one.</summary>
    public static async Task<EdgeUnderTest> StartInAsync(
        TempFolder folder, Func<EdgeOptions, EdgeOptions> change, EdgeHostSettings? settings = null)
    {
        var upstream = await FakeUpstream.StartAsync();
        var time = settings?.Time as TestTimeProvider ?? new TestTimeProvider();
        var options = change(Options(folder, upstream));
        try
        {
            var host = await EdgeHost.StartAsync(options, (settings ?? new EdgeHostSettings()) with { Time = time });
            return new EdgeUnderTest(folder, upstream, host, time);
        }
        catch
        {
            await upstream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Options of an edge on free ports of loopback, which accepts unsigned bundles.</summary>
    public static EdgeOptions Options(TempFolder folder, FakeUpstream upstream) => new()
    {
        StateDir = folder.Combine("state"),
        Bundle = new BundleOptions { AcceptUnsigned = true },
        LogLevel = "none",
        Listen = new ListenOptions
        {
            Proxy = "127.0.0.1:0",
            Decision = "127.0.0.1:0",
            DecisionHttp2 = "off",
            Probes = "127.0.0.1:0",
            AdminSocket = folder.Combine("admin.sock"),
        },
        CountersMemoryBytes = 1024 * 1024,
        Clusters = ImmutableDictionary<string, ClusterOptions>.Empty.Add(
            "default", new ClusterOptions { Destinations = [upstream.Address.AbsoluteUri] }),
    };

    /// <summary>A request to the proxy.</summary>
    public Task<HttpResponseMessage> GetAsync(string target, params (string Name, string Value)[] headers) =>
        SendAsync(Proxy!, HttpMethod.Get, target, headers);

    /// <summary>A request to <c>/v1/decision</c> about a GET.</summary>
    public Task<HttpResponseMessage> DecideAsync(string target, params (string Name, string Value)[] headers) => SendAsync(
        Decision!,
        HttpMethod.Get,
        "/v1/decision",
        [("X-Original-Method", "GET"), ("X-Original-URI", target), ("X-Original-Host", "api.test"), .. headers]);

    /// <summary>Puts one kill switch in force, in place of all others set at this edge: 403 for one value of a header.</summary>
    public void Kill(string header, string value)
    {
        ImmutableArray<KillSwitchDefinition> switches =
        [
            new KillSwitchDefinition { Id = "k", ScopeKey = new DescriptorKey(DescriptorKind.Header, header), ScopeValue = value, Status = 403 },
        ];
        Host.Services.GetRequiredService<SnapshotHolder>().Update(snapshot => snapshot.WithLocalKillSwitches(switches));
    }

    public static Task<HttpResponseMessage> SendAsync(
        HttpClient client, HttpMethod method, string target, params (string Name, string Value)[] headers)
    {
        // The target goes on the wire as written: without this a Uri would remove the dot segments that are tested.
        var address = new Uri(
            client.BaseAddress!.AbsoluteUri.TrimEnd('/') + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(method, address) { Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return client.SendAsync(request);
    }

    /// <summary>Stops the edge and keeps its folder, for another to go on with.</summary>
    public async Task<TempFolder> StopAsync()
    {
        await _host.DisposeAsync();
        await Upstream.DisposeAsync();
        return _folder;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Proxy?.Dispose();
        Decision?.Dispose();
        Probes?.Dispose();
        await StopAsync();
        _folder.Dispose();
    }

    private HttpClient? ClientOf(DoorTag door) => _host.AddressOf(door) is { } address && address.StartsWith("http", StringComparison.Ordinal)
        ? new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,

            // A connection for each request: time that a test moves ends idle ones, and a request that was sent on one meanwhile would be lost.
            PooledConnectionLifetime = TimeSpan.Zero,
        })
        {
            BaseAddress = new Uri(address),
            Timeout = Eventually.Generous,
        }
        : null;
}
