using System.Net;
using System.Net.Sockets;
using EdgeGuard.Edge.Lane;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace EdgeGuard.Edge.Takeover;

/// <summary>The server's own transport, with listeners that can be passed on to another process.</summary>
internal sealed class SharedTransport(
    SharedListeners listeners,
    Action<SocketTransportOptions> configure,
    bool isCounted,
    ILoggerFactory loggers,
    Func<LaneKind, LaneListener, ILaneServer>? lanes = null) : IConnectionListenerFactory
{
    /// <inheritdoc />
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        Socket? bound = null;
        var options = new SocketTransportOptions();
        configure(options);
        var create = options.CreateBoundListenSocket;
        options.CreateBoundListenSocket = wanted => bound = create(wanted);
        var kind = listeners.LaneOf(endpoint);
        var inner = lanes is not null && kind != LaneKind.None
            ? BindLane(endpoint, options, listener => lanes(kind, listener))
            : await new SocketTransportFactory(Microsoft.Extensions.Options.Options.Create(options), loggers).BindAsync(endpoint, cancellationToken);
        var listener = new SharedListener(inner, bound!, listeners, isCounted);
        listeners.Add(listener);
        return listener;
    }

    private LaneListener BindLane(EndPoint endpoint, SocketTransportOptions options, Func<LaneListener, ILaneServer> loop)
    {
        try
        {
            return new LaneListener(options.CreateBoundListenSocket(endpoint), options.Backlog, loop, listeners, loggers);
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            // As the server's own transport tells it.
            throw new AddressInUseException(failure.Message, failure);
        }
    }
}
