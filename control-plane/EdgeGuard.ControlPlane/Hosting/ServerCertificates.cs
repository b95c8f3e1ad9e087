using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGuard.Options;

namespace EdgeGuard.ControlPlane.Hosting;

/// <summary>
/// The server's certificate: from files, or from a throwaway authority in the data folder (<c>ca.pem</c>, <c>ca.key</c>,
/// <c>server.pem</c>, <c>server.key</c>) that is made on first start and reused. Its server certificate is made anew when it
/// is about to end or when the configured names change; the authority stays, so that edges go on trusting it.
/// </summary>
internal sealed class ServerCertificates : IDisposable
{
    private static readonly TimeSpan AuthorityLifetime = TimeSpan.FromDays(3_650);
    private static readonly TimeSpan ServerLifetime = TimeSpan.FromDays(365);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    private readonly ControlPlaneOptions _options;
    private readonly TimeProvider _time;
    private X509Certificate2 _current;

    private ServerCertificates(ControlPlaneOptions options, TimeProvider time, X509Certificate2 current)
    {
        _options = options;
        _time = time;
        _current = current;
    }

    /// <summary>The certificate for the next handshake.</summary>
    public X509Certificate2 Current => Volatile.Read(ref _current);

    /// <summary>Where clients find the authority to trust, or empty when the certificate comes from files.</summary>
    public static string AuthorityFile(ControlPlaneOptions options) =>
        options.TlsCertificateFile.Length > 0 ? string.Empty : Path.GetFullPath(Path.Combine(options.DataDir, "ca.pem"));

    /// <summary>Loads or makes the certificate.</summary>
    /// <exception cref="ControlPlaneException">A file cannot be read, or key and certificate do not belong together (EG6025).</exception>
    public static ServerCertificates Load(ControlPlaneOptions options, TimeProvider time) => new(options, time, Obtain(options, time));

    /// <summary>Takes a newer certificate where there is one: a file that changed, or the throwaway one near its end.</summary>
    public bool Refresh()
    {
        var fresh = Obtain(_options, _time);
        if (string.Equals(fresh.Thumbprint, Current.Thumbprint, StringComparison.Ordinal))
        {
            fresh.Dispose();
            return false;
        }

        // The one before is left to the collector: a handshake may be using it.
        Volatile.Write(ref _current, fresh);
        return true;
    }

    /// <inheritdoc />
    public void Dispose() => Current.Dispose();

    private static X509Certificate2 Obtain(ControlPlaneOptions options, TimeProvider time)
    {
        try
        {
            return options.TlsCertificateFile.Length > 0
                ? X509Certificate2.CreateFromPemFile(options.TlsCertificateFile, options.TlsKeyFile.Length > 0 ? options.TlsKeyFile : null)
                : Throwaway(options, time.GetUtcNow());
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ControlPlaneException(ControlPlaneCodes.CertificateUnusable, $"the TLS certificate cannot be used: {error.Message}",
                "check that certificate and key are PEM, readable and belong together; remove server.pem and server.key in the data folder to have new ones made",
                error);
        }
    }

    private static X509Certificate2 Throwaway(ControlPlaneOptions options, DateTimeOffset now)
    {
        Directory.CreateDirectory(options.DataDir);
        using var authority = Authority(options.DataDir, now);
        var certificateFile = Path.Combine(options.DataDir, "server.pem");
        var keyFile = Path.Combine(options.DataDir, "server.key");
        var names = options.TlsNames.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (File.Exists(certificateFile) && File.Exists(keyFile))
        {
            var present = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            if (present.NotAfter.ToUniversalTime() - now.UtcDateTime > RenewBefore && names.All(name => present.MatchesHostname(name, allowWildcards: false)) &&
                string.Equals(present.Issuer, authority.Subject, StringComparison.Ordinal))
            {
                return present;
            }

            present.Dispose();
        }

        Issue(authority, names, now, certificateFile, keyFile);
        return X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
    }

    private static X509Certificate2 Authority(string folder, DateTimeOffset now)
    {
        var certificateFile = Path.Combine(folder, "ca.pem");
        var keyFile = Path.Combine(folder, "ca.key");
        if (File.Exists(certificateFile) && File.Exists(keyFile))
        {
            return X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // The name is its own, so that an authority made anew is never taken for the one before.
        var name = "CN=EdgeGuard throwaway authority " + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var certificate = request.CreateSelfSigned(now.AddMinutes(-5), now + AuthorityLifetime);
        PrivateFile.Replace(keyFile, key.ExportPkcs8PrivateKeyPem() + "\n");
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem() + "\n");
        return X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
    }

    private static void Issue(X509Certificate2 authority, string[] names, DateTimeOffset now, string certificateFile, string keyFile)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + (names.FirstOrDefault() ?? "localhost"), key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                alternatives.AddIpAddress(address);
            }
            else
            {
                alternatives.AddDnsName(name);
            }
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        var authorityEnd = new DateTimeOffset(authority.NotAfter);
        var end = now + ServerLifetime < authorityEnd ? now + ServerLifetime : authorityEnd;
        using var certificate = request.Create(authority, now.AddMinutes(-5), end, RandomNumberGenerator.GetBytes(16));
        PrivateFile.Replace(keyFile, key.ExportPkcs8PrivateKeyPem() + "\n");
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem() + "\n");
    }
}
