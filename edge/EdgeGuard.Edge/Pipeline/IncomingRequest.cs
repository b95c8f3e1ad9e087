using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Edge.Bodies;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Identity;
using EdgeGuard.Identity.Certificates;
using Microsoft.Extensions.Primitives;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>A request as its credentials are read from. Reused: valid from <see cref="Begin"/> to <see cref="End"/>.</summary>
internal sealed class IncomingRequest(ClientAddressReader addresses, BodyReader bodies, RequestProbe probe) : IIncomingRequest
{
    private HttpContext? _context;
    private PolicySnapshot? _snapshot;
    private OriginalRequest _original;
    private bool _forwarding;
    private CredentialKinds? _wanted;
    private X509Certificate2? _certificate;
    private bool _certificateRead;

    /// <inheritdoc />
    public string Method => _original.Method;

    /// <inheritdoc />
    public string Authority => _original.Host;

    /// <inheritdoc />
    public string Target => _original.Target;

    /// <inheritdoc />
    public string Scheme
    {
        get
        {
            var trusted = addresses.Proxies.TrustsPeer(Context.Connection.RemoteIpAddress);
            var told = trusted ? Context.Request.Headers["X-Forwarded-Proto"] : StringValues.Empty;
            return told.Count == 1 && told[0] is { } scheme && (scheme.Equals("https", StringComparison.OrdinalIgnoreCase) || scheme.Equals("http", StringComparison.OrdinalIgnoreCase))
                ? scheme.ToLowerInvariant()
                : Context.Request.Scheme;
        }
    }

    /// <inheritdoc />
    public CredentialKinds Wanted => _wanted ??= probe.CredentialsFor(_snapshot!, _original);

    /// <inheritdoc />
    public IPAddress? ClientAddress => addresses.Read(Context);

    /// <inheritdoc />
    public X509Certificate2? ClientCertificate
    {
        get
        {
            // A certificate on the connection of a proxy is the proxy's own.
            if (!addresses.Proxies.TrustsPeer(Context.Connection.RemoteIpAddress))
            {
                return Context.Connection.ClientCertificate;
            }

            if (!_certificateRead)
            {
                _certificateRead = true;
                _certificate = CountOf(ClientCertificateField.Name) == 1 ? ClientCertificateField.Read(FirstOf(ClientCertificateField.Name)) : null;
            }

            return _certificate;
        }
    }

    private HttpContext Context => _context ?? throw new InvalidOperationException("The request's verification has ended.");

    /// <summary>Takes a request in.</summary>
    public void Begin(HttpContext context, PolicySnapshot snapshot, in OriginalRequest original, bool forwarding)
    {
        _context = context;
        _snapshot = snapshot;
        _original = original;
        _forwarding = forwarding;
        _wanted = null;
    }

    /// <summary>Lets go of it.</summary>
    public void End()
    {
        _certificate?.Dispose();
        _certificate = null;
        _certificateRead = false;
        _context = null;
        _snapshot = null;
        _original = default;
    }

    /// <inheritdoc />
    public int CountOf(string header) => Context.Request.Headers.TryGetValue(header, out var values) ? values.Count : 0;

    /// <inheritdoc />
    public string? FirstOf(string header) => Context.Request.Headers.TryGetValue(header, out var values) && values.Count > 0 ? values[0] : null;

    /// <inheritdoc />
    public string? LineOf(string header, int index) =>
        Context.Request.Headers.TryGetValue(header, out var values) && index < values.Count ? values[index] : null;

    /// <inheritdoc />
    public string? CombinedOf(string header)
    {
        if (!Context.Request.Headers.TryGetValue(header, out var values) || values.Count == 0)
        {
            return null;
        }

        return values.Count == 1 ? values[0]?.Trim(' ', '\t') : string.Join(", ", values.Select(value => value?.Trim(' ', '\t')));
    }

    /// <inheritdoc />
    public bool IsBelow(ImmutableArray<string> prefixes) => probe.IsBelow(_original, prefixes);

    /// <inheritdoc />
    public async ValueTask<ReadOnlyMemory<byte>?> ReadBodyAsync(int maxBytes, CancellationToken cancellation)
    {
        var reading = await bodies.ReadAsync(Context, maxBytes, _forwarding);
        return reading.Body is { IsWhole: true } body ? (ReadOnlyMemory<byte>)body.Raw.Segment : (ReadOnlyMemory<byte>?)null;
    }
}
