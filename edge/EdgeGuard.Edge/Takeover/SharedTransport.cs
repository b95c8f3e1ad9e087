using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace EdgeGuard.Edge.Takeover;

/// <summary>The server's own transport, with listeners that can be passed on to another process.</summary>
internal sealed class SharedTransport(
    SharedListeners listeners, Action<SocketTransportOptions> configure, bool isCounted, ILoggerFactory loggers) : IConnectionListenerFactory
{
    /// <inheritdoc />
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        Socket? bound = null;
        var options = new SocketTransportOptions();
        configure(options);
        if (listeners.IsInline(endpoint))
        {
            // A buffer of 4 KiB is kept for each idle connection, which saves one of three reads of the socket per request.
            options.UnsafePreferInlineScheduling = true;
            options.WaitForDataBeforeAllocatingBuffer = false;
        }

        var create = options.CreateBoundListenSocket;
        options.CreateBoundListenSocket = wanted => bound = create(wanted);
        var factory = new SocketTransportFactory(Microsoft.Extensions.Options.Options.Create(options), loggers);
        var listener = new SharedListener(await factory.BindAsync(endpoint, cancellationToken), bound!, listeners, isCounted);
        listeners.Add(listener);
        return listener;
    }
}
