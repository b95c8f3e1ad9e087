using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using EdgeGuard.Bench.Load.Requests;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Lane;
using EdgeGuard.Options;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Bench.Micro.Lane;

/// <summary>
/// A whole request on the decision lane without its socket: the bytes of the comparison's requests (bench/compare) to the last byte of the answer. What the
/// comparison measures beyond this is the kernel's.
/// </summary>
internal sealed class LaneScenario : ILaneWire, IAsyncDisposable
{
    private const int Tokens = 100;
    private const int Keys = 1000;
    private const int Attempts = 20_000;

    private readonly EdgeHost _host;
    private readonly byte[][] _requests;
    private readonly LaneSession _session;
    private byte[] _next = [];
    private byte _status;
    private int _turn;

    private LaneScenario(EdgeHost host, byte[][] requests)
    {
        _host = host;
        _requests = requests;
        var lane = host.Services.GetRequiredService<DecisionLane>();
        _session = new LaneSession(lane, new LaneBench(lane), this, IPAddress.Loopback, _ => Known.Set(), TimeProvider.System);
    }

    private ManualResetEventSlim Known { get; } = new();

    /// <summary>Starts an edge for the comparison's bundle in a folder.</summary>
    /// <param name="policies">The comparison's bundle.</param>
    /// <param name="folder">Where its state is.</param>
    public static Task<EdgeHost> StartEdgeAsync(string policies, TempFolder folder)
    {
        _ = TokenCommand.Run(folder.Combine("tokens"), Tokens, TimeProvider.System);
        var bundle = File.ReadAllText(policies).Replace("@JWKS@", folder.Combine("tokens/jwks.json"), StringComparison.Ordinal);
        folder.Write("bundle.yaml", bundle);
        return EdgeHost.StartAsync(new EdgeOptions
        {
            StateDir = folder.Combine("state"),
            Bundle = new BundleOptions { AcceptUnsigned = true },
            BundleFile = folder.Combine("bundle.yaml"),
            ReferenceFiles = [folder.Combine("tokens/")],
            LogLevel = "none",
            Listen = new ListenOptions
            {
                Proxy = "off",
                Decision = "127.0.0.1:0",
                DecisionHttp2 = "off",
                Probes = "127.0.0.1:0",
                AdminSocket = folder.Combine("admin.sock"),
            },
            Clusters = ImmutableDictionary<string, ClusterOptions>.Empty.Add("default", new ClusterOptions { Destinations = ["http://127.0.0.1:9"] }),
        });
    }

    /// <summary>Requests to one of the comparison's policies.</summary>
    /// <param name="host">The edge.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="target">What is decided on.</param>
    /// <param name="hasToken">Whether a token is sent along.</param>
    public static LaneScenario Create(EdgeHost host, TempFolder folder, string target, bool hasToken)
    {
        var tokens = File.ReadAllLines(folder.Combine("tokens/tokens.txt"));
        var random = new Random(1);
        var requests = new byte[4096][];
        for (var i = 0; i < requests.Length; i++)
        {
            var token = hasToken ? $"Authorization: Bearer {tokens[random.Next(Tokens)]}\r\n" : string.Empty;
            requests[i] = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
                GET /v1/decision HTTP/1.1
                Host: 127.0.0.1:8081
                X-Original-Method: GET
                X-Original-URI: {target}
                X-Original-Host: api.example
                X-Api-Key: key-{random.Next(Keys)}

                """).ReplaceLineEndings("\r\n") + token + "\r\n");
        }

        var scenario = new LaneScenario(host, requests);

        // Until every token is known, also after the keys that are read in the background.
        for (var i = 0; i < Attempts; i++)
        {
            _ = scenario.Decide();
        }

        return scenario;
    }

    /// <summary>One request; false when it is not admitted.</summary>
    public bool Decide()
    {
        _next = _requests[_turn++ & (_requests.Length - 1)];
        _status = 0;
        var wants = _session.OnReadable(TimeProvider.System.GetTimestamp());
        if (wants == LaneWants.Nothing)
        {
            Known.Wait();
            Known.Reset();
            wants = _session.OnCaller(TimeProvider.System.GetTimestamp());
        }

        return wants == LaneWants.Read && _status == '2';
    }

    public ValueTask DisposeAsync()
    {
        _session.Dispose();
        Known.Dispose();
        return ValueTask.CompletedTask;
    }

    int ILaneWire.Receive(Span<byte> room)
    {
        _next.CopyTo(room);
        return _next.Length;
    }

    int ILaneWire.Send(ReadOnlySpan<byte> bytes)
    {
        _status = bytes["HTTP/1.1 ".Length];
        return bytes.Length;
    }
}
