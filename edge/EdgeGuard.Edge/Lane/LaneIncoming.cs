using System.Net;
using System.Security.Cryptography.X509Certificates;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Lane;

/// <summary>A gateway's question on the lane, as its credentials are read from. One for a connection: it asks one question at a time.</summary>
internal sealed class LaneIncoming(ClientAddressReader addresses, RequestProbe probe, IPAddress? peer, LaneRequest request, CancellationToken closed)
    : IncomingRequest<LaneHead>(addresses, probe)
{
    /// <inheritdoc />
    public override string Method => Line.Method.ToString();

    /// <inheritdoc />
    public override string Authority => Line.Host.ToString();

    /// <inheritdoc />
    public override string Target => Line.Target.ToString();

    /// <summary>Head of the question.</summary>
    public LaneHead Question => new(peer, request);

    /// <summary>The connection has closed.</summary>
    public CancellationToken Closed => closed;

    /// <inheritdoc />
    protected override LaneHead Head => Question;

    /// <inheritdoc />
    protected override RequestLine Line
    {
        get
        {
            _ = LaneQuestion.TryRead(Question, out var question);
            return question.Line;
        }
    }

    /// <inheritdoc />
    protected override string ConnectionScheme => "http";

    /// <inheritdoc />
    protected override X509Certificate2? ConnectionCertificate => null;

    /// <summary>Takes the question in that was read last.</summary>
    public void Use(PolicySnapshot snapshot) => Begin(snapshot);

    /// <inheritdoc />
    public override ValueTask<ReadOnlyMemory<byte>?> ReadBodyAsync(int maxBytes, CancellationToken cancellation) => default;
}
