using System.Net;
using System.Net.Sockets;
using EdgeGuard.Identity.Keys;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests.Keys;

/// <summary>Names resolve as a test says, and every connection ends at one server on loopback.</summary>
internal sealed class FakeNetwork(int port) : INetwork
{
    private readonly SystemNetwork _system = new();

    public IPAddress[] Answer { get; set; } = [];

    /// <summary>Names asked for.</summary>
    public Recorder<string> Resolved { get; } = new();

    /// <summary>Addresses connected to, with the port.</summary>
    public Recorder<string> Connected { get; } = new();

    public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation)
    {
        Resolved.Add(host);
        return Answer.Length == 0 ? Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound)) : Task.FromResult(Answer);
    }

    public Task<Stream> ConnectAsync(IPAddress[] addresses, int target, CancellationToken cancellation)
    {
        Connected.Add($"{string.Join(' ', addresses.AsEnumerable())} {target}");
        return _system.ConnectAsync([IPAddress.Loopback], port, cancellation);
    }
}
