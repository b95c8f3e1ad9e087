using System.Net.Sockets;

namespace EdgeGuard.Edge.Lane;

/// <summary>A socket that does not block.</summary>
internal sealed class SocketWire(Socket socket) : ILaneWire
{
    /// <inheritdoc />
    public int Receive(Span<byte> room)
    {
        var count = socket.Receive(room, SocketFlags.None, out var error);
        return Told(count, error);
    }

    /// <inheritdoc />
    public int Send(ReadOnlySpan<byte> bytes)
    {
        var count = socket.Send(bytes, SocketFlags.None, out var error);
        return Told(count, error);
    }

    private static int Told(int count, SocketError error) => error switch
    {
        SocketError.Success => count,
        SocketError.WouldBlock or SocketError.IOPending => count > 0 ? count : ILaneWire.Blocked,
        _ => ILaneWire.Gone,
    };
}
