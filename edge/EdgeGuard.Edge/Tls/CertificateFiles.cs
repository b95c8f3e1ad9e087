using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeGuard.Options;

namespace EdgeGuard.Edge.Tls;

/// <summary>Reads a certificate, its key and its chain from the files of the options.</summary>
internal static class CertificateFiles
{
    // A chain has 10 KiB; who names a log by mistake gets an answer and no 4 GiB process.
    private const int MaxBytes = 1024 * 1024;

    /// <summary>The certificate with its key, and what its issuer added.</summary>
    /// <param name="options">Where they are.</param>
    /// <param name="chain">Intermediates, may be none.</param>
    /// <param name="problem">Why there is none; never part of a file's content.</param>
    public static X509Certificate2? Read(CertificateOptions options, out X509Certificate2Collection chain, out string problem)
    {
        chain = [];
        problem = string.Empty;
        try
        {
            var bytes = ReadBounded(options.File);
            return IsPem(bytes) ? ReadPem(options, Encoding.UTF8.GetString(bytes), chain, out problem) : ReadPfx(options, bytes, chain, out problem);
        }
        catch (CryptographicException)
        {
            problem = "the certificate or its key is malformed, they do not belong together, or the password is wrong";
        }
        catch (FileNotFoundException missing)
        {
            problem = $"`{missing.FileName}` does not exist";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problem = "a file cannot be read";
        }

        return null;
    }

    private static X509Certificate2? ReadPem(CertificateOptions options, string text, X509Certificate2Collection chain, out string problem)
    {
        problem = string.Empty;
        if (options.KeyFile.Length == 0)
        {
            problem = "a PEM certificate needs its key_file";
            return null;
        }

        var key = Encoding.UTF8.GetString(ReadBounded(options.KeyFile));
        var certificate = options.Password is { } password
            ? X509Certificate2.CreateFromEncryptedPem(text, key, password.Reveal())
            : X509Certificate2.CreateFromPem(text, key);
        chain.ImportFromPem(text);
        DropLeaf(chain, certificate);
        return certificate;
    }

    private static X509Certificate2? ReadPfx(CertificateOptions options, byte[] bytes, X509Certificate2Collection chain, out string problem)
    {
        problem = string.Empty;
        var read = X509CertificateLoader.LoadPkcs12Collection(bytes, options.Password?.Reveal() ?? string.Empty, X509KeyStorageFlags.EphemeralKeySet);
        var certificate = read.FirstOrDefault(one => one.HasPrivateKey);
        if (certificate is null)
        {
            problem = "there is no certificate with a key in it";
            return null;
        }

        chain.AddRange(read);
        DropLeaf(chain, certificate);
        return certificate;
    }

    private static void DropLeaf(X509Certificate2Collection chain, X509Certificate2 certificate)
    {
        foreach (var same in chain.Where(one => one.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span)).ToArray())
        {
            chain.Remove(same);
        }
    }

    private static bool IsPem(ReadOnlySpan<byte> bytes) => bytes.IndexOf("-----BEGIN "u8) >= 0;

    private static byte[] ReadBounded(string path)
    {
        using var file = File.OpenRead(path);
        var bytes = new byte[Math.Min(file.Length, MaxBytes + 1L)];
        file.ReadExactly(bytes);
        return bytes.Length > MaxBytes ? throw new IOException("too large") : bytes;
    }
}
