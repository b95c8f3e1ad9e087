using System.Net.Sockets;
using EdgeGuard.Conformance.Tests.Cases;
using EdgeGuard.Conformance.Tests.Doors;
using EdgeGuard.Testing;

namespace EdgeGuard.Conformance.Tests.Gateways;

/// <summary>A real gateway in front of an upstream, which asks an edge.</summary>
internal sealed class RunningGateway : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ReservedPort _port = new();
    private readonly ProcessRunner _process;

    private RunningGateway(Func<TempFolder, int, ProcessRunner> start)
    {
        _process = start(_folder, _port.Number);
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{_port.Number}"),
            Timeout = Eventually.Generous,
        };
    }

    /// <summary>A client of the gateway.</summary>
    public HttpClient Client { get; }

    /// <summary>Starts a gateway that asks an edge, and waits until it listens.</summary>
    public static Task<RunningGateway> StartAsync(Door gateway, CaseEdge edge, Func<string, string>? change = null) =>
        StartAsync(gateway, edge.DecisionAddress["unix:".Length..], edge.Upstream.Address, change);

    /// <summary>As above, with an edge that may not be there.</summary>
    public static Task<RunningGateway> StartAsync(Door gateway, string socket, Uri application, Func<string, string>? change = null) =>
        StartAsync(gateway.ToString(), (folder, port) => GatewayProgram.Start(gateway, folder, port, socket, application, change));

    /// <summary>Starts a process that is to listen on a port.</summary>
    public static async Task<RunningGateway> StartAsync(string name, Func<TempFolder, int, ProcessRunner> start)
    {
        var running = new RunningGateway(start);
        try
        {
            await Eventually.TrueAsync(running.ListensAsync, what: $"{name} listens");
            return running;
        }
        catch (Exception failure)
        {
            var said = running.Said;
            await running.DisposeAsync();
            throw new InvalidOperationException($"{name} has not started: {said}", failure);
        }
    }

    /// <summary>What the gateway has said, for messages.</summary>
    public string Said => _process.Text();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
        _port.Dispose();
        _folder.Dispose();
    }

    private async Task<bool> ListensAsync()
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException("it has ended");
        }

        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync("127.0.0.1", _port.Number);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
