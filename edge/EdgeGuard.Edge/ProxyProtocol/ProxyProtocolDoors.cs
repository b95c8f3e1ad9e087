using System.Buffers;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Edge.Metrics;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Options;
using Microsoft.AspNetCore.Connections;
using ListenOptions = Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions;

namespace EdgeGuard.Edge.ProxyProtocol;

/// <summary>
/// Reads the PROXY protocol at the begin of connections, before TLS: the client's address is then the one that the load balancer tells. Who is not one of
/// the trusted load balancers, or writes anything else, is disconnected.
/// </summary>
internal sealed class ProxyProtocolDoors(EdgeOptions options, TimeProvider time) : IMetricSource
{
    private readonly TrustedProxies _trusted = new(options.ProxyProtocol.Trusted);
    private long _accepted;
    private long _untrusted;
    private long _malformed;

    /// <summary>Name of a door in the options; null for one that has no such protocol.</summary>
    public static string? OptionOf(DoorTag door) =>
        ReferenceEquals(door, DoorTag.Proxy) ? "proxy"
        : ReferenceEquals(door, DoorTag.ProxyTls) ? "proxy_tls"
        : ReferenceEquals(door, DoorTag.Decision) ? "decision"
        : ReferenceEquals(door, DoorTag.DecisionTls) ? "decision_tls"
        : null;

    /// <summary>Expects the header on a listener, if the options say so.</summary>
    public void Use(ListenOptions listen, string name)
    {
        if (options.ProxyProtocol.Listeners.Contains(name))
        {
            listen.Use(next => connection => RunAsync(connection, next));
        }
    }

    /// <inheritdoc />
    public void Write(MetricWriter writer)
    {
        if (options.ProxyProtocol.Listeners.IsEmpty)
        {
            return;
        }

        writer.Family("edgeguard_proxy_protocol_connections_total", "counter", "Connections on listeners that expect the PROXY protocol, by what became of them.");
        writer.Sample(Interlocked.Read(ref _accepted), ("result", "accepted"));
        writer.Sample(Interlocked.Read(ref _untrusted), ("result", "untrusted"));
        writer.Sample(Interlocked.Read(ref _malformed), ("result", "malformed"));
    }

    private async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (connection.RemoteEndPoint is not System.Net.IPEndPoint peer || !_trusted.TrustsPeer(peer.Address))
        {
            Interlocked.Increment(ref _untrusted);
            return;
        }

        if (await ReadAsync(connection) is not { } header)
        {
            Interlocked.Increment(ref _malformed);
            return;
        }

        Interlocked.Increment(ref _accepted);
        if (header.Source is { } source)
        {
            connection.RemoteEndPoint = source;
            connection.LocalEndPoint = header.Destination;
        }

        await next(connection);
    }

    // Null for what is none, or does not come in time.
    private async Task<ProxyProtocolHeader?> ReadAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        using var patience = new CancellationTokenSource(options.Clients.HeaderTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, connection.ConnectionClosed);
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(both.Token);
                var status = ProxyProtocolHeader.TryRead(read.Buffer, out var header, out var consumed);
                if (status == OperationStatus.Done)
                {
                    input.AdvanceTo(read.Buffer.GetPosition(consumed));
                    return header;
                }

                if (status == OperationStatus.InvalidData || read.IsCompleted)
                {
                    input.AdvanceTo(read.Buffer.End);
                    return null;
                }

                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException or ConnectionResetException or ConnectionAbortedException)
        {
            return null;
        }
    }
}
