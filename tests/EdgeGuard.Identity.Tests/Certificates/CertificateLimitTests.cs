using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Identity.Certificates;
using EdgeGuard.Testing;

namespace EdgeGuard.Identity.Tests.Certificates;

/// <summary>Anybody can make certificates; whoever brings many that lead nowhere is not looked at any more.</summary>
public sealed class CertificateLimitTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task VerifyAsync_ManyThatLeadNowhere_AreNotCheckedAnyMoreAndOthersAre()
    {
        using var folder = new TempFolder();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var authority = Authority(key);
        using var known = Leaf(key, authority, "known");
        using var newcomer = Leaf(key, authority, "newcomer");
        var time = new TestTimeProvider(Now);
        var failures = new FailureLimiter(20, 1, time);
        await using var verifier = new CertificateVerifier(time, failures);
        verifier.Use(new IdentitySources { Certificates = new ClientCertificatesDefinition { TrustFile = folder.Write("trust.pem", authority.ExportCertificatePem()) } });
        async Task<string> FailureAsync(X509Certificate2 certificate, string client = "192.0.2.1") =>
            (await verifier.VerifyAsync(new FakeRequest { ClientCertificate = certificate, ClientAddress = System.Net.IPAddress.Parse(client) }, CancellationToken.None)).Failure;
        Assert.Equal("", await FailureAsync(known));

        for (var i = 0; i < 20; i++)
        {
            using var stranger = Self(key, $"stranger-{i}");
            Assert.Equal(CertificateFailures.Untrusted, await FailureAsync(stranger));
        }

        using var last = Self(key, "last");
        Assert.Equal(CertificateFailures.TooManyFailures, await FailureAsync(last));
        Assert.Equal(CertificateFailures.TooManyFailures, await FailureAsync(newcomer));
        Assert.Equal("", await FailureAsync(known));
        Assert.Equal("", await FailureAsync(newcomer, "192.0.2.2"));
        Assert.Equal(2, failures.Refused);

        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(CertificateFailures.Untrusted, await FailureAsync(last));
    }

    private static X509Certificate2 Authority(ECDsa key)
    {
        var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request.CreateSelfSigned(Now.AddYears(-1), Now.AddYears(1));
    }

    private static X509Certificate2 Leaf(ECDsa key, X509Certificate2 authority, string name) =>
        Request(key, name).Create(authority, Now.AddDays(-1), Now.AddDays(1), RandomNumberGenerator.GetBytes(8));

    private static X509Certificate2 Self(ECDsa key, string name) => Request(key, name).CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));

    private static CertificateRequest Request(ECDsa key, string name)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        return request;
    }
}
