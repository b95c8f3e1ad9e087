using System.Net.Sockets;

namespace EdgeGuard.Edge.Lane;

/// <summary>A socket that does not block. Used by the thread that closes the socket, so its number cannot become another's meanwhile.</summary>
internal sealed class SocketWire(Socket socket) : ILaneWire
{
    private readonly int _descriptor = (int)socket.SafeHandle.DangerousGetHandle();

    /// <inheritdoc />
    public int Receive(Span<byte> room) => Kernel.Receive(_descriptor, room);

    /// <inheritdoc />
    public int Send(ReadOnlySpan<byte> bytes) => Kernel.Send(_descriptor, bytes);
}
