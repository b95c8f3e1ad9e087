using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Edge.Hosting;
using EdgeGuard.Edge.Metrics;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Tls;

/// <summary>The certificates that the edge shows to clients, chosen by the name that a client asks for (SNI, RFC 6066 section 3).</summary>
internal sealed class CertificateSet : IMetricSource
{
    /// <summary>Name of the one for clients that name no host, or none that a certificate is for.</summary>
    public const string Default = "default";

    private readonly ImmutableArray<CertificateFile> _files;
    private readonly CertificateFile? _default;

    /// <summary>Reads them all.</summary>
    /// <exception cref="StartException">One cannot be used (EG3230).</exception>
    public CertificateSet(EdgeOptions options, ILogger<CertificateSet> logger)
    {
        _files = [.. options.Certificates.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new CertificateFile(entry.Key, entry.Value, logger))];
        _default = _files.Length == 1 ? _files[0] : _files.FirstOrDefault(file => file.Name == Default);
        var problems = _files.Where(file => file.Problem is not null).Select(file => Unusable($"certificates.{file.Name}", file.Problem!)).ToArray();
        if (problems.Length > 0)
        {
            throw new StartException(ExitCode.Usage, [.. problems]);
        }
    }

    /// <summary>The certificate for a host; null when there is none, and no default.</summary>
    /// <param name="host">As the client wrote it; empty for none.</param>
    public ServerCertificate? Choose(string host) => Best(host) ?? _default?.Current;

    /// <summary>A host that a certificate is shown to: empty when every client is shown one, null when there is none to name.</summary>
    public string? AnyHost() => _default is not null ? string.Empty : _files.Select(file => file.Current?.AnyName).FirstOrDefault(name => name is not null);

    /// <summary>Whether a certificate is for this very host.</summary>
    public bool Covers(string host) => Best(host) is not null;

    /// <summary>Takes changed files in; for one caller at a time.</summary>
    public void Look()
    {
        foreach (var file in _files)
        {
            file.Look();
        }
    }

    /// <inheritdoc />
    public void Write(MetricWriter writer)
    {
        if (_files.IsEmpty)
        {
            return;
        }

        writer.Family("edgeguard_certificate_expiry_timestamp_seconds", "gauge", "When a certificate of the listeners expires, seconds since 1970.");
        foreach (var file in _files)
        {
            writer.Sample(new DateTimeOffset(file.Current!.NotAfter).ToUnixTimeSeconds(), ("certificate", file.Name));
        }

        writer.Family("edgeguard_certificate_refused_total", "counter", "Changed files of a certificate that could not be used; the one before stays in force.");
        foreach (var file in _files)
        {
            writer.Sample(file.Refused, ("certificate", file.Name));
        }
    }

    /// <summary>What to say about files that cannot be used.</summary>
    public static Diagnostic Unusable(string path, string problem) =>
        new(TlsCodes.CertificateUnusable, Severity.Error, SourceLocation.None, path, problem, "name a PEM certificate and its key, or a PFX, that this user may read");

    private ServerCertificate? Best(string host)
    {
        if (host.Length == 0)
        {
            return null;
        }

        var wanted = host.TrimEnd('.').ToLowerInvariant();
        ServerCertificate? best = null;
        var fit = 0;
        foreach (var file in _files)
        {
            if (file.Current is { } certificate && certificate.Fit(wanted) > fit)
            {
                (best, fit) = (certificate, certificate.Fit(wanted));
            }
        }

        return best;
    }
}
