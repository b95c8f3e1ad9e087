using System.Security.Cryptography.X509Certificates;
using EdgeGuard.Edge.Bodies;
using EdgeGuard.Engine.Snapshot;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>A request of the web server, as its credentials are read from.</summary>
internal sealed class ServerRequest(ClientAddressReader addresses, BodyReader bodies, RequestProbe probe)
    : IncomingRequest<HttpContextHead>(addresses, probe)
{
    private HttpContext? _context;
    private OriginalRequest _original;
    private bool _forwarding;

    /// <inheritdoc />
    public override string Method => _original.Method;

    /// <inheritdoc />
    public override string Authority => _original.Host;

    /// <inheritdoc />
    public override string Target => _original.Target;

    /// <inheritdoc />
    protected override HttpContextHead Head => new(Context);

    /// <inheritdoc />
    protected override RequestLine Line => _original.Line;

    /// <inheritdoc />
    protected override string ConnectionScheme => Context.Request.Scheme;

    /// <inheritdoc />
    protected override X509Certificate2? ConnectionCertificate => Context.Connection.ClientCertificate;

    private HttpContext Context => _context ?? throw new InvalidOperationException("The request's verification has ended.");

    /// <summary>Takes a request in.</summary>
    public void Begin(HttpContext context, PolicySnapshot snapshot, in OriginalRequest original, bool forwarding)
    {
        Begin(snapshot);
        _context = context;
        _original = original;
        _forwarding = forwarding;
    }

    /// <inheritdoc />
    public override void End()
    {
        base.End();
        _context = null;
        _original = default;
    }

    /// <inheritdoc />
    public override string? LineOf(string header, int index) =>
        Context.Request.Headers.TryGetValue(header, out var values) && index < values.Count ? values[index] : null;

    /// <inheritdoc />
    public override async ValueTask<ReadOnlyMemory<byte>?> ReadBodyAsync(int maxBytes, CancellationToken cancellation)
    {
        var reading = await bodies.ReadAsync(Context, maxBytes, _forwarding);
        return reading.Body is { IsWhole: true } body ? (ReadOnlyMemory<byte>)body.Raw.Segment : (ReadOnlyMemory<byte>?)null;
    }
}
