using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Engine.Snapshot;
using EdgeGuard.Identity;
using EdgeGuard.Identity.Certificates;

namespace EdgeGuard.Edge.Pipeline;

/// <summary>A request as its credentials are read from, whoever parsed it. Reused: valid from <see cref="Begin"/> to <see cref="End"/>.</summary>
internal abstract class IncomingRequest<THead>(ClientAddressReader addresses, RequestProbe probe) : IIncomingRequest
    where THead : struct, IRequestHead
{
    private PolicySnapshot? _snapshot;
    private CredentialKinds? _wanted;
    private X509Certificate2? _certificate;
    private bool _certificateRead;

    /// <inheritdoc />
    public abstract string Method { get; }

    /// <inheritdoc />
    public abstract string Authority { get; }

    /// <inheritdoc />
    public abstract string Target { get; }

    /// <inheritdoc />
    public string Scheme
    {
        get
        {
            var head = Head;
            var told = addresses.Proxies.TrustsPeer(head.Peer) && head.CountOf("X-Forwarded-Proto") == 1 ? head.LineOf("X-Forwarded-Proto", 0) : default;
            return told.Equals("https", StringComparison.OrdinalIgnoreCase) ? "https"
                : told.Equals("http", StringComparison.OrdinalIgnoreCase) ? "http"
                : ConnectionScheme;
        }
    }

    /// <inheritdoc />
    public CredentialKinds Wanted => _wanted ??= probe.CredentialsFor(Snapshot, Line);

    /// <inheritdoc />
    public IPAddress? ClientAddress => addresses.Read(Head);

    /// <inheritdoc />
    public X509Certificate2? ClientCertificate
    {
        get
        {
            // A certificate on the connection of a proxy is the proxy's own.
            if (!addresses.Proxies.TrustsPeer(Head.Peer))
            {
                return ConnectionCertificate;
            }

            if (!_certificateRead)
            {
                _certificateRead = true;
                _certificate = CountOf(ClientCertificateField.Name) == 1 ? ClientCertificateField.Read(FirstOf(ClientCertificateField.Name)) : null;
            }

            return _certificate;
        }
    }

    /// <summary>What it is decided by.</summary>
    public PolicySnapshot Snapshot => _snapshot ?? throw new InvalidOperationException("The request's verification has ended.");

    /// <summary>Head of the request that carries the headers.</summary>
    protected abstract THead Head { get; }

    /// <summary>The request that is decided on.</summary>
    protected abstract RequestLine Line { get; }

    /// <summary>Scheme of the connection.</summary>
    protected abstract string ConnectionScheme { get; }

    /// <summary>Certificate of the connection's peer, or null.</summary>
    protected abstract X509Certificate2? ConnectionCertificate { get; }

    /// <summary>Lets go of it.</summary>
    public virtual void End()
    {
        _certificate?.Dispose();
        _certificate = null;
        _certificateRead = false;
        _snapshot = null;
    }

    /// <inheritdoc />
    public int CountOf(string header) => Head.CountOf(header);

    /// <inheritdoc />
    public ReadOnlySpan<char> ValueOf(string header) => CountOf(header) > 0 ? Head.LineOf(header, 0) : default;

    /// <inheritdoc />
    public string? FirstOf(string header) => LineOf(header, 0);

    /// <inheritdoc />
    public virtual string? LineOf(string header, int index) => index < CountOf(header) ? Head.LineOf(header, index).ToString() : null;

    /// <inheritdoc />
    public string? CombinedOf(string header)
    {
        var count = CountOf(header);
        if (count == 0)
        {
            return null;
        }

        var lines = new string?[count];
        for (var i = 0; i < count; i++)
        {
            lines[i] = LineOf(header, i)?.Trim(' ', '\t');
        }

        return count == 1 ? lines[0] : string.Join(", ", lines);
    }

    /// <inheritdoc />
    public bool IsBelow(ImmutableArray<string> prefixes) => probe.IsBelow(Line, prefixes);

    /// <inheritdoc />
    public abstract ValueTask<ReadOnlyMemory<byte>?> ReadBodyAsync(int maxBytes, CancellationToken cancellation);

    /// <summary>Takes a request in.</summary>
    protected void Begin(PolicySnapshot snapshot)
    {
        _snapshot = snapshot;
        _wanted = null;
    }
}
