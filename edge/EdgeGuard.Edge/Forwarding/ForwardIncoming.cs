using System.Net;
using System.Security.Cryptography.X509Certificates;
using EdgeGuard.Edge.Lane;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Forwarding;

/// <summary>A request of the proxy lane, as its credentials are read from. One for a connection, which has one request under way at a time.</summary>
internal sealed class ForwardIncoming(ClientAddressReader addresses, RequestProbe probe, IPAddress? peer, LaneRequest request, CancellationToken closed)
    : IncomingRequest<LaneHead>(addresses, probe)
{
    /// <inheritdoc />
    public override string Method => request.Method.ToString();

    /// <inheritdoc />
    public override string Authority => request.Host.ToString();

    /// <inheritdoc />
    public override string Target => request.Target.ToString();

    /// <summary>Head of the request.</summary>
    public LaneHead Received => new(peer, request);

    /// <summary>The connection has closed.</summary>
    public CancellationToken Closed => closed;

    /// <inheritdoc />
    protected override LaneHead Head => Received;

    /// <inheritdoc />
    protected override RequestLine Line => new(request.Method, request.Host, request.Target);

    /// <inheritdoc />
    protected override string ConnectionScheme => "http";

    /// <inheritdoc />
    protected override X509Certificate2? ConnectionCertificate => null;

    /// <summary>Takes the request in that was read last.</summary>
    public void Use(PolicySnapshot snapshot) => Begin(snapshot);

    /// <inheritdoc />
    public override ValueTask<ReadOnlyMemory<byte>?> ReadBodyAsync(int maxBytes, CancellationToken cancellation) => default;
}
