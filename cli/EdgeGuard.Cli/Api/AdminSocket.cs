using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGuard.Options;

namespace EdgeGuard.Cli.Api;

/// <summary>An edge's admin Unix socket; works with the control plane dead. Only who may open the socket (mode 0600) gets in.</summary>
internal sealed class AdminSocket : IDisposable
{
    public const string Status = "/status";
    public const string Egress = "/egress";
    public const string EgressFlush = "/egress/flush";
    public const string Kill = "/kill";
    public const string Explain = "/explain";

    private readonly HttpClient _http;
    private readonly string _path;

    private AdminSocket(string path, TimeSpan timeout)
    {
        _path = path;
        var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false, ConnectCallback = ConnectAsync };
        _http = new HttpClient(handler) { BaseAddress = new Uri("http://localhost/"), Timeout = timeout };
    }

    /// <summary>The socket that is named, or that the options of the edge on this machine say.</summary>
    public static AdminSocket Open(CliHost host, string? path)
    {
        path ??= host.Variable("EDGEGUARD_ADMIN_SOCKET") ?? FromOptions(host);
        return new AdminSocket(host.Resolve(path), host.CallTimeout);
    }

    public async Task<JsonNode?> SendAsync(HttpMethod method, string route, HttpContent? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, route) { Content = body };
        try
        {
            using var answer = await _http.SendAsync(request, cancellation);
            if (!answer.IsSuccessStatusCode)
            {
                throw await ControlPlaneProblems.RefusedAsync(new Uri("http://edge/"), answer, cancellation);
            }

            var bytes = await answer.Content.ReadAsByteArrayAsync(cancellation);
            return bytes.Length == 0 ? null : JsonNode.Parse(bytes);
        }
        catch (HttpRequestException)
        {
            throw Unreachable("nobody listens there, or you may not open it");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Unreachable("no answer in time");
        }
        catch (JsonException)
        {
            throw Unreachable("the answer is not JSON");
        }
    }

    public void Dispose() => _http.Dispose();

    private static string FromOptions(CliHost host)
    {
        var effective = OptionsLoader.LoadEdge([], host.Environment, path => Commands.Config.OptionFiles.Read(host, path)).Effective;
        var socket = effective.First(option => option.Key == "listen.admin_socket").Shown;
        return socket.Length > 0 ? socket : Path.Combine(effective.First(option => option.Key == "state_dir").Shown, "admin.sock");
    }

    private CliFailureException Unreachable(string cause) => new(
        ExitCodes.Unreachable, CliCodes.EdgeUnreachable, _path, $"the edge cannot be reached over its admin socket: {cause}",
        "check that the edge runs on this machine, name its socket with --socket, and run as its user");

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
