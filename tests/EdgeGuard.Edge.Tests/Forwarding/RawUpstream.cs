using System.Net;
using System.Net.Sockets;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Forwarding;

/// <summary>An upstream that does nothing by itself: the test accepts, reads and answers, byte for byte.</summary>
internal sealed class RawUpstream : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public RawUpstream() => _listener.Start();

    public string Address => $"http://{_listener.LocalEndpoint}";

    /// <summary>The next connection of the edge.</summary>
    public async Task<RawPeer> AcceptAsync() => new(await _listener.AcceptSocketAsync().Within("a connection of the edge"));

    public void Dispose() => _listener.Dispose();
}
