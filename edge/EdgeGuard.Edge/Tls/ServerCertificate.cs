using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace EdgeGuard.Edge.Tls;

/// <summary>A certificate in force, and the hosts that it is for (RFC 6125: alternative names only).</summary>
internal sealed class ServerCertificate
{
    private readonly string[] _names;
    private readonly IPAddress[] _addresses;

    public ServerCertificate(SslStreamCertificateContext context)
    {
        Context = context;
        var alternative = context.TargetCertificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().ToArray();
        _names = [.. alternative.SelectMany(one => one.EnumerateDnsNames()).Select(name => name.ToLowerInvariant())];
        _addresses = [.. alternative.SelectMany(one => one.EnumerateIPAddresses())];
    }

    /// <summary>Certificate, key and chain as the handshake takes them.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>When it expires, UTC.</summary>
    public DateTime NotAfter => Context.TargetCertificate.NotAfter.ToUniversalTime();

    /// <summary>A name that it is for, or null when it is for addresses only.</summary>
    public string? AnyName => _names.FirstOrDefault()?.Replace("*", "any", StringComparison.Ordinal);

    /// <summary>How well it is for a host: 2 by its very name, 1 by a wildcard, 0 not at all.</summary>
    /// <param name="host">Name in lower case, or an address.</param>
    public int Fit(string host)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return _addresses.Contains(address) ? 2 : 0;
        }

        if (_names.Contains(host, StringComparer.Ordinal))
        {
            return 2;
        }

        // A wildcard stands for one whole label, the first one.
        var dot = host.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && _names.Contains("*" + host[dot..], StringComparer.Ordinal) ? 1 : 0;
    }
}
