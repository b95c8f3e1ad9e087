using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeGuard.Identity.Certificates;

/// <summary>
/// The accepted authorities in a PEM file. It is read again every few seconds instead of being watched, as key sets are; a file that cannot be read
/// leaves those in use that were read before.
/// </summary>
public sealed class TrustFile : IDisposable
{
    // Bundles of public authorities have 250 KiB.
    private const int MaxBytes = 1024 * 1024;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly string _path;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private byte[] _digest = [];
    private volatile X509Certificate2Collection? _authorities;

    /// <summary>Reads the file at once.</summary>
    public TrustFile(string path, TimeProvider time)
    {
        _path = path;
        Read();
        _timer = time.CreateTimer(_ => Read(), null, Interval, Interval);
    }

    public string Path => _path;

    /// <summary>The authorities, or null when there never were any. A new object when they have changed.</summary>
    public X509Certificate2Collection? Authorities => _authorities;

    /// <summary>Why a file gives no authorities, or null when it gives some. Never part of its content.</summary>
    public static string? ProblemOf(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                return "it does not exist";
            }

            if (file.Length > MaxBytes)
            {
                return $"it is larger than {MaxBytes} bytes";
            }

            var read = new X509Certificate2Collection();
            read.ImportFromPem(File.ReadAllText(path));
            var hasAuthority = read.Any(IsAuthority);
            var problem = read.Count == 0 ? "there is no certificate in it" : hasAuthority ? null : "none of its certificates is an authority's";
            foreach (var certificate in read)
            {
                certificate.Dispose();
            }

            return problem;
        }
        catch (CryptographicException)
        {
            return "a certificate in it is malformed";
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return "it cannot be read";
        }
    }

    /// <inheritdoc />
    public void Dispose() => _timer.Dispose();

    // Roots of before version 3 cannot say so.
    private static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Version < 3 || certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(basic => basic.CertificateAuthority);

    private void Read()
    {
        try
        {
            if (new FileInfo(_path) is not { Exists: true, Length: <= MaxBytes })
            {
                return;
            }

            var content = File.ReadAllText(_path);
            var digest = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(content));
            lock (_lock)
            {
                if (digest.AsSpan().SequenceEqual(_digest))
                {
                    return;
                }

                var read = new X509Certificate2Collection();
                read.ImportFromPem(content);
                if (read.Count > 0)
                {
                    _authorities = read;
                    _digest = digest;
                }
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or CryptographicException)
        {
            // Those read before stay in use.
        }
    }
}
