using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.State;
using EdgeGuard.Edge.Sync;
using EdgeGuard.Edge.Takeover;
using EdgeGuard.Options;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EdgeGuard.Edge.Admin;

/// <summary>
/// Serves the admin socket on a server of its own: no setting of the doors reaches it, and no listener of theirs leads to it. An edge whose
/// socket cannot be opened goes on deciding, loudly.
/// </summary>
internal sealed class AdminServer(
    EdgeOptions options, AdminHandler handler, SharedListeners listeners, AdminInheritance inheritance, IServiceProvider services,
    ILoggerFactory loggers) : IHostedService, IDisposable
{
    /// <summary>Largest body taken: a kill switch.</summary>
    private const int MaxBodyBytes = 64 * 1024;

    private KestrelServer? _server;
    private AdminSocket? _socket;

    /// <summary>Where the socket is, or null when it could not be opened.</summary>
    public string? SocketPath => _server is null ? null : _socket?.FinalPath;

    /// <summary>Where the options want the socket.</summary>
    public static string PathOf(EdgeOptions options) =>
        options.Listen.AdminSocket.Length > 0 ? options.Listen.AdminSocket : Path.Combine(options.StateDir, StateFiles.AdminSocket);

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var path = PathOf(options);
        var socket = new AdminSocket(path);
        try
        {
            var inherited = inheritance.From?.Listener(TakeoverOffer.Admin, options.Listen.AdminSocket);
            if (inherited is null)
            {
                socket.Prepare();
            }

            var server = new KestrelServer(
                Microsoft.Extensions.Options.Options.Create(ServerOptions(socket, inherited)),
                new SharedTransport(listeners, static _ => { }, isCounted: false, loggers),
                loggers);
            await server.StartAsync(new AdminApplication(handler.HandleAsync), cancellationToken);
            if (inherited is null)
            {
                socket.Publish();
            }

            listeners.Name(TakeoverOffer.Admin, options.Listen.AdminSocket, listeners.Last);
            (_server, _socket) = (server, socket);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or System.Net.Sockets.SocketException)
        {
            socket.Remove();
            var problem = new Diagnostic(
                AdminCodes.SocketRefused, Severity.Error, SourceLocation.None, string.Empty,
                $"the admin socket {path} cannot be opened: {failure.Message}",
                "choose a short path (below 100 bytes) in a folder that the edge may write (listen.admin_socket)");
            SyncLog.StateProblem(loggers.CreateLogger<AdminServer>(), problem.ToString());
        }
    }

    /// <inheritdoc />
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Its socket belongs to another process then, which follows the connection to this one until it ends.
        if (_server is { } server && !listeners.IsGivenAway)
        {
            _server = null;
            await server.StopAsync(cancellationToken);
            server.Dispose();
            _socket?.Remove();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _server?.Dispose();

    private KestrelServerOptions ServerOptions(AdminSocket socket, ulong? inherited)
    {
        var server = new KestrelServerOptions { AddServerHeader = false, ApplicationServices = services };
        server.Limits.MaxRequestBodySize = MaxBodyBytes;
        server.Limits.MaxConcurrentConnections = 64;
        server.RequestHeaderEncodingSelector = static name => LengthText.For(name)!;
        if (inherited is { } handle)
        {
            server.ListenHandle(handle, listen => listen.Protocols = HttpProtocols.Http1);
        }
        else
        {
            server.ListenUnixSocket(socket.BindPath, listen => listen.Protocols = HttpProtocols.Http1);
        }

        return server;
    }
}
