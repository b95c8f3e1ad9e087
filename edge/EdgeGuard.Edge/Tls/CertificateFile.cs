using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using EdgeGuard.Edge.DataFiles;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Tls;

/// <summary>
/// A certificate in files. They are looked at every second; what has changed is read when two looks agree, so that files which are written one after
/// the other are not read half. What cannot be used leaves what is in force.
/// </summary>
internal sealed class CertificateFile
{
    private readonly CertificateOptions _options;
    private readonly ILogger _logger;
    private (DataFileSignature Certificate, DataFileSignature Key) _read;
    private (DataFileSignature Certificate, DataFileSignature Key) _seen;
    private volatile ServerCertificate? _current;
    private long _refused;

    public CertificateFile(string name, CertificateOptions options, ILogger logger)
    {
        Name = name;
        _options = options;
        _logger = logger;
        _read = _seen = Signature();
        Problem = Read();
    }

    /// <summary>Name in the options.</summary>
    public string Name { get; }

    /// <summary>What is in force; null when there never was any.</summary>
    public ServerCertificate? Current => _current;

    /// <summary>Why the files that were read last cannot be used; null when they can.</summary>
    public string? Problem { get; private set; }

    /// <summary>How often changed files could not be used.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Takes a change in; for one caller at a time.</summary>
    public void Look()
    {
        var now = Signature();
        var isStill = now == _seen;
        _seen = now;
        if (!isStill || now == _read)
        {
            return;
        }

        _read = now;
        Problem = Read();
        if (Problem is not null)
        {
            Interlocked.Increment(ref _refused);
            TlsLog.Refused(_logger, Name, TlsCodes.CertificateUnusable, Problem);
        }
    }

    private string? Read()
    {
        var certificate = CertificateFiles.Read(_options, out var chain, out var problem);
        if (certificate is null)
        {
            return problem;
        }

        // Offline: no intermediate and no status of revocation is fetched from addresses that a certificate names.
        _current = new ServerCertificate(SslStreamCertificateContext.Create(certificate, chain, offline: true));
        TlsLog.Loaded(_logger, Name, certificate.NotAfter.ToUniversalTime());
        return null;
    }

    private (DataFileSignature Certificate, DataFileSignature Key) Signature()
    {
        try
        {
            return (DataFileSignature.Of(_options.File), _options.KeyFile.Length == 0 ? default : DataFileSignature.Of(_options.KeyFile));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return default;
        }
    }
}
