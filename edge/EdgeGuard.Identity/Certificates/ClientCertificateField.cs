using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGuard.Identity.Structured;

namespace EdgeGuard.Identity.Certificates;

/// <summary>The header in which a proxy that ends TLS tells which certificate the client has proved to hold (RFC 9440 section 2.2).</summary>
public static class ClientCertificateField
{
    public const string Name = "Client-Cert";

    private const int MaxBytes = 8192;

    // The first byte of DER; the loader would take PEM too.
    private const byte Sequence = 0x30;

    /// <summary>The certificate in a field value, or null for what is none. To be disposed of by the caller.</summary>
    public static X509Certificate2? Read(string? value) =>
        StructuredFieldReader.TryReadItem(value, out var item) && item.Value.Kind == BareKind.Bytes ? Load(item.Value.Bytes) : null;

    /// <summary>A certificate in DER, or null.</summary>
    internal static X509Certificate2? Load(byte[] bytes)
    {
        if (bytes.Length is 0 or > MaxBytes || bytes[0] != Sequence)
        {
            return null;
        }

        try
        {
            return X509CertificateLoader.LoadCertificate(bytes);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
