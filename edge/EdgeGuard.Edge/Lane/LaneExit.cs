using System.Net.Sockets;
using System.Threading.Channels;
using EdgeGuard.Edge.Takeover;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace EdgeGuard.Edge.Lane;

/// <summary>Where connections go that the lane does not keep: to their end, or to the web server.</summary>
internal sealed class LaneExit(SharedListeners listeners, SocketConnectionContextFactory server) : IDisposable
{
    private readonly Channel<ConnectionContext> _handedOver = Channel.CreateUnbounded<ConnectionContext>();

    /// <summary>Connections for the web server.</summary>
    public ChannelReader<ConnectionContext> HandedOver => _handedOver.Reader;

    /// <summary>Gives a connection to the web server.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="rest">What was read of it and is not answered.</param>
    public void HandOver(Socket socket, byte[] rest)
    {
        listeners.NoteHandOver();
        ConnectionContext connection;
        try
        {
            connection = HandedOverInput.Prepend(server.Create(socket), rest);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            socket.Dispose();
            Left();
            return;
        }

        // Counted by the listener again, as every connection of the web server.
        listeners.Enter(connection);
        Left();
        if (!_handedOver.Writer.TryWrite(connection))
        {
            connection.Abort(new ConnectionAbortedException("The server takes no connections any more."));
        }
    }

    /// <summary>Tells of the end of a connection.</summary>
    public void Left() => listeners.Leave();

    /// <summary>Nothing is handed over any more.</summary>
    public void Close() => _handedOver.Writer.TryComplete();

    /// <inheritdoc />
    public void Dispose()
    {
        Close();
        server.Dispose();
    }
}
