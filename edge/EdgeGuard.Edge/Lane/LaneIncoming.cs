using System.Net;
using System.Security.Cryptography.X509Certificates;
using EdgeGuard.Edge.Pipeline;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Lane;

/// <summary>A gateway's question on the lane, as its credentials are read from. Holds one question at a time.</summary>
internal sealed class LaneIncoming(ClientAddressReader addresses, RequestProbe probe, LaneRequest request) : IncomingRequest<LaneHead>(addresses, probe)
{
    private IPAddress? _peer;

    /// <inheritdoc />
    public override string Method => Line.Method.ToString();

    /// <inheritdoc />
    public override string Authority => Line.Host.ToString();

    /// <inheritdoc />
    public override string Target => Line.Target.ToString();

    /// <summary>Head of the question.</summary>
    public LaneHead Question => new(_peer, request);

    /// <summary>The connection has closed.</summary>
    public CancellationToken Closed { get; private set; }

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

    /// <summary>Says whose question it is that was read last.</summary>
    public void Attach(IPAddress? peer, CancellationToken closed)
    {
        _peer = peer;
        Closed = closed;
    }

    /// <summary>Takes the question in that was read last.</summary>
    public void Use(PolicySnapshot snapshot) => Begin(snapshot);

    /// <inheritdoc />
    public override ValueTask<ReadOnlyMemory<byte>?> ReadBodyAsync(int maxBytes, CancellationToken cancellation) => default;
}
