using System.Net;
using System.Net.Sockets;

namespace EdgeGuard.Conformance.Tests.Gateways;

/// <summary>
/// A port of loopback that a program may listen on and nobody else gets meanwhile: it is bound here, and not listened on. Linux lets another socket
/// bind it as long as both allow it (SO_REUSEADDR) and neither listens, and gives no bound port to those who ask for any.
/// </summary>
internal sealed class ReservedPort : IDisposable
{
    private readonly Socket _holder = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ReservedPort()
    {
        _holder.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    }

    public int Number => ((IPEndPoint)_holder.LocalEndPoint!).Port;

    public void Dispose() => _holder.Dispose();
}
