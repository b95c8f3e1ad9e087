using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeGuard.Testing;

/// <summary>A throwaway certificate authority (ECDSA P-256) and the server certificates it issues.</summary>
public sealed class TestCertificates : IDisposable
{
    private static readonly DateTimeOffset Begin = TimeProvider.System.GetUtcNow().AddDays(-1);
    private static readonly DateTimeOffset End = Begin.AddDays(8);

    private readonly X509Certificate2 _authority;

    public TestCertificates(string name = "EdgeGuard test authority")
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _authority = request.CreateSelfSigned(Begin, End);
    }

    /// <summary>The authority without its key: what a client trusts.</summary>
    public X509Certificate2 Authority => X509CertificateLoader.LoadCertificate(_authority.RawData);

    public string AuthorityPem => _authority.ExportCertificatePem();

    /// <summary>A certificate with its key, by default for localhost and the loopback addresses.</summary>
    public X509Certificate2 IssueServer(params string[] names)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder alternative = new();
        foreach (string name in names.Length == 0 ? ["localhost", "127.0.0.1", "::1"] : names)
        {
            if (IPAddress.TryParse(name, out IPAddress? address))
            {
                alternative.AddIpAddress(address);
            }
            else
            {
                alternative.AddDnsName(name);
            }
        }

        request.CertificateExtensions.Add(alternative.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        using X509Certificate2 bare = request.Create(_authority, Begin, End, serial);
        return bare.CopyWithPrivateKey(key);
    }

    /// <summary>A certificate with its key for a client, with a URI among its names if one is given.</summary>
    public X509Certificate2 IssueClient(string subject, string? uri = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        if (uri is not null)
        {
            SubjectAlternativeNameBuilder alternative = new();
            alternative.AddUri(new Uri(uri));
            request.CertificateExtensions.Add(alternative.Build());
        }

        using X509Certificate2 bare = request.Create(_authority, Begin, End, RandomNumberGenerator.GetBytes(16));
        using X509Certificate2 ephemeral = bare.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Writes a certificate and its key as <c>NAME.pem</c> and <c>NAME.key</c>, each in one step.</summary>
    public static void Write(TempFolder folder, string name, X509Certificate2 certificate)
    {
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        File.Move(folder.Write(name + ".pem.new", certificate.ExportCertificatePem() + "\n"), folder.Combine(name + ".pem"), overwrite: true);
        File.Move(folder.Write(name + ".key.new", key.ExportPkcs8PrivateKeyPem() + "\n"), folder.Combine(name + ".key"), overwrite: true);
    }

    /// <summary>Writes <c>ca.pem</c>, <c>server.pem</c> and <c>server.key</c> into a folder.</summary>
    public void WritePem(string folder, params string[] names)
    {
        using X509Certificate2 server = IssueServer(names);
        using ECDsa key = server.GetECDsaPrivateKey()!;
        File.WriteAllText(Path.Combine(folder, "ca.pem"), AuthorityPem + "\n");
        File.WriteAllText(Path.Combine(folder, "server.pem"), server.ExportCertificatePem() + "\n");
        File.WriteAllText(Path.Combine(folder, "server.key"), key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <summary>A handler that trusts this authority and nothing else.</summary>
    public SocketsHttpHandler CreateHandler()
    {
        SocketsHttpHandler handler = new();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { Authority },
        };
        return handler;
    }

    public void Dispose() => _authority.Dispose();
}
