using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using EdgeGuard.Testing;

namespace EdgeGuard.Demo.Launcher.Stack;

/// <summary>Control plane, edge and demo service in one folder, with the credentials that belong to it. Can be started again on the same folder.</summary>
internal sealed class DemoStack : IAsyncDisposable
{
    public const string EdgeId = "demo-edge";

    private readonly string _folder;
    private readonly IReadOnlyDictionary<string, int> _ports;
    private DemoCredentials _credentials = new();

    private DemoStack(string folder, IReadOnlyDictionary<string, int> ports)
    {
        _folder = folder;
        _ports = ports;
        ControlPlane = new ControlPlaneProcess(Combine("control-plane"), $"127.0.0.1:{ports["control-plane"]}", Combine("control-plane.log"));
    }

    public static string BundleFile => RepositoryRoot.Combine("deploy", "demo", "policies.yaml");

    public ControlPlaneProcess ControlPlane { get; }

    public ProcessRunner? Upstream { get; private set; }

    public string UpstreamUrl { get; private set; } = string.Empty;

    public EdgeProcess Edge { get; private set; } = null!;

    public CommandLineClient Cli { get; private set; } = null!;

    /// <summary>A script that is <c>edgeguard</c> with the credentials of this folder.</summary>
    public string CliScript => Combine("edgeguard");

    public string Combine(string name) => Path.Combine(_folder, name);

    /// <summary>Starts everything; says on the way what it does. What was started is stopped again when a step fails.</summary>
    public static async Task<DemoStack> StartAsync(string folder, IReadOnlyDictionary<string, int> ports, Action<string> say)
    {
        CheckPorts(ports);
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        DemoStack stack = new(folder, ports);
        try
        {
            await stack.StartPartsAsync(say);
            return stack;
        }
        catch (Exception problem) when (problem is InvalidOperationException or TimeoutException)
        {
            await stack.DisposeAsync();
            throw new DemoException(problem.Message);
        }
    }

    public async Task StartEdgeAsync()
    {
        Edge = await EdgeProcess.StartAsync(new EdgeSettings
        {
            StateDir = Combine("edge"),
            Upstream = UpstreamUrl,
            EdgeId = EdgeId,
            ControlPlaneUrl = ControlPlane.Url.GetLeftPart(UriPartial.Authority),
            CaFile = _credentials.CaFile,
            EdgeToken = _credentials.EdgeToken,
            SigningKey = _credentials.SigningKey,
            Proxy = $"127.0.0.1:{_ports["proxy"]}",
            Decision = $"127.0.0.1:{_ports["decision"]}",
            DecisionHttp2 = $"127.0.0.1:{_ports["decision-http2"]}",
            Probes = $"127.0.0.1:{_ports["probes"]}",
            LogFile = Combine("edge.log"),
            Assembly = Environment.GetEnvironmentVariable("DEMO_EDGE_ASSEMBLY"),
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (Edge is not null)
        {
            await Edge.DisposeAsync();
        }

        await ControlPlane.DisposeAsync();
        if (Upstream is not null)
        {
            await Upstream.DisposeAsync();
        }
    }

    private async Task StartPartsAsync(Action<string> say)
    {
        say("starting the demo service");
        Upstream = ProcessRunner.Start("EdgeGuard.Demo.Upstream", [$"http://127.0.0.1:{_ports["upstream"]}"], logFile: Combine("upstream.log"));
        UpstreamUrl = await Upstream.WaitForListeningAsync();

        _credentials = DemoCredentials.Load(_folder);
        if (_credentials.AccessToken.Length == 0)
        {
            say("creating the organization 'demo' and its first user");
            (string token, string caFile) = await ControlPlane.InitAsync();
            _credentials = _credentials with { AccessToken = token, CaFile = caFile };
            _credentials.Save(_folder);
        }

        say("starting the control plane");
        await ControlPlane.StartAsync();
        Cli = CommandLineClient.For(ControlPlane.Url, _credentials.AccessToken, _credentials.CaFile, Path.Combine(Combine("edge"), "admin.sock"));
        if (_credentials.EdgeToken.Length == 0)
        {
            say($"adding the edge '{EdgeId}'");
            JsonElement edge = await Cli.JsonAsync("edge", "add", EdgeId);
            _credentials = _credentials with
            {
                EdgeToken = edge.GetProperty("edge_token").GetString()!,
                SigningKey = edge.GetProperty("signing_key").GetString()!,
            };
            _credentials.Save(_folder);
        }

        say("starting the edge");
        await StartEdgeAsync();
        WriteScript();
    }

    /// <summary>All at once, before anything is started: one message instead of a process that ends somewhere in a log.</summary>
    private static void CheckPorts(IReadOnlyDictionary<string, int> ports)
    {
        List<string> taken = [];
        foreach ((string name, int port) in ports.Where(item => item.Value != 0))
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            }
            catch (SocketException)
            {
                taken.Add($"port {port} is in use: choose another with --{name}-port PORT, or stop what uses it");
            }
        }

        if (taken.Count > 0)
        {
            throw new DemoException(string.Join('\n', taken));
        }
    }

    private void WriteScript()
    {
        string variables = string.Join('\n', Cli.Environment.Where(item => item.Key != "EDGEGUARD_TOKEN").Select(item => $"export {item.Key}='{item.Value}'"));
        File.WriteAllText(CliScript, $"""
            #!/usr/bin/env bash
            # The command line with the credentials of this folder.
            set -euo pipefail
            {variables}
            export EDGEGUARD_TOKEN_FILE='{DemoCredentials.TokenFile(_folder)}'
            exec '{ProcessRunner.DotnetHost}' '{SolutionExecutable.AssemblyFile("EdgeGuard.Cli")}' "$@"

            """);
        File.SetUnixFileMode(CliScript, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
