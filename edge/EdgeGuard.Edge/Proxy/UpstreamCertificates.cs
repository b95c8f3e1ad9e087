using System.Collections.Frozen;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Tls;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Proxy;

/// <summary>How TLS is spoken with upstreams: whom they must be known by, and what the edge shows. Files are read again when they change.</summary>
internal sealed class UpstreamCertificates : IDisposable
{
    private readonly FrozenDictionary<string, Side> _sides;

    /// <summary>Reads all files.</summary>
    /// <exception cref="StartException">One cannot be used (EG3230, EG3231).</exception>
    public UpstreamCertificates(EdgeOptions options, TimeProvider time, ILogger<UpstreamCertificates> logger) => _sides = options.Clusters.ToFrozenDictionary(
        entry => entry.Key, entry => SideOf(entry.Key, entry.Value.Tls, time, logger), StringComparer.Ordinal);

    /// <summary>Sets what a cluster's connections are made with.</summary>
    public void Configure(string cluster, SslClientAuthenticationOptions tls)
    {
        tls.EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        if (!_sides.TryGetValue(cluster, out var side))
        {
            return;
        }

        if (side.Authorities is { } authorities)
        {
            tls.CertificateChainPolicy = Authorities.Offline();
            tls.RemoteCertificateValidationCallback = (_, presented, chain, errors) =>
                (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None
                && presented is X509Certificate2 certificate
                && authorities.LeadsHere(certificate, chain?.ChainPolicy.ExtraStore);
        }

        if (side.Own is { } own)
        {
            tls.LocalCertificateSelectionCallback = (_, _, _, _, _) => own.Current!.Context.TargetCertificate;
        }
    }

    /// <summary>Takes changed files in; for one caller at a time.</summary>
    public void Look()
    {
        foreach (var side in _sides.Values)
        {
            side.Own?.Look();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var side in _sides.Values)
        {
            side.Authorities?.Dispose();
        }
    }

    private static Side SideOf(string name, UpstreamTlsOptions tls, TimeProvider time, ILogger logger)
    {
        var own = tls.CertificateFile.Length == 0
            ? null
            : new CertificateFile($"of cluster {name}", new CertificateOptions { File = tls.CertificateFile, KeyFile = tls.KeyFile }, logger);
        if (own?.Problem is { } problem)
        {
            throw new StartException(ExitCode.Usage, [CertificateSet.Unusable($"clusters.{name}.tls.certificate_file", problem)]);
        }

        return new Side(own, tls.TrustFile.Length == 0 ? null : new Authorities(tls.TrustFile, $"clusters.{name}.tls.trust_file", Authorities.ForServers, time));
    }

    private sealed record Side(CertificateFile? Own, Authorities? Authorities);
}
