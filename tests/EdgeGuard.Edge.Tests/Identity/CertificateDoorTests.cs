using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Identity;

/// <summary>Client certificates as a proxy that ends TLS tells of them (RFC 9440), at the door of an edge.</summary>
public sealed class CertificateDoorTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Proxy_CertificateOfAnAcceptedAuthority_IsVerifiedByEveryRule()
    {
        using var folder = new TempFolder();
        using var authority = Authority("CN=Root");
        using var stranger = Authority("CN=Root");
        folder.Write("trust.pem", authority.ExportCertificatePem());
        await using var edge = await StartAsync(folder, "127.0.0.1");

        Assert.Equal("200 allow", await VerdictAsync(edge, Leaf(authority)));
        Assert.Equal("200 allow", await VerdictAsync(edge, Leaf(authority)));
        Assert.Equal("401 identity_invalid", await VerdictAsync(edge, Leaf(stranger)));
        Assert.Equal("401 identity_invalid", await VerdictAsync(edge, Leaf(authority, uris: ["spiffe://other.example/pay"])));
        Assert.Equal("401 identity_invalid", await VerdictAsync(edge, Leaf(authority, uris: ["spiffe://prod.example/pay", "spiffe://prod.example/admin"])));
        Assert.Equal("401 identity_invalid", await VerdictAsync(edge, Leaf(authority, uris: ["spiffe://prod.example/../pay"])));
        Assert.Equal("401 identity_invalid", await VerdictAsync(edge, Leaf(authority, uris: [])));
        Assert.Equal("401 identity_invalid", await VerdictAsync(edge, Leaf(authority, usage: "1.3.6.1.5.5.7.3.1")));
        Assert.Equal("401 identity_invalid", await VerdictAsync(edge, Leaf(authority, usage: null)));
        Assert.Equal("401 identity_invalid", await VerdictAsync(edge, Leaf(authority, days: 3)));
        Assert.Equal("401 identity_invalid", await VerdictAsync(edge, Leaf(authority, subject: "CN=other,O=Acme")));
        Assert.Equal("401 identity_required", await VerdictAsync(edge, null));
        using var malformed = await edge.GetAsync("/pay", ("Client-Cert", ":AAAA:"));
        Assert.Equal("401 identity_required", malformed.Verdict());
        Assert.Equal("spiffe://prod.example/pay", edge.Upstream.Received.Items[0].Headers["x-workload"]);
    }

    [Fact]
    public async Task Proxy_HeaderOfAStranger_IsNoCertificateAndDoesNotReachTheUpstream()
    {
        using var folder = new TempFolder();
        using var authority = Authority("CN=Root");
        folder.Write("trust.pem", authority.ExportCertificatePem());
        await using var edge = await StartAsync(folder, "192.0.2.1");
        var header = $":{Convert.ToBase64String(Leaf(authority).RawData)}:";

        using var closed = await edge.GetAsync("/pay", ("Client-Cert", header));
        using var open = await edge.GetAsync("/open", ("Client-Cert", header), ("Client_Cert", header), ("Client-Cert-Chain", header));

        Assert.Equal(("401 identity_required", "200 allow"), (closed.Verdict(), open.Verdict()));
        Assert.DoesNotContain(Assert.Single(edge.Upstream.Received.Items).Headers.Keys, name => name.StartsWith("Client", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Proxy_TrustFileReplaced_IsReadAgain()
    {
        using var folder = new TempFolder();
        using var before = Authority("CN=Root 1");
        using var after = Authority("CN=Root 2");
        folder.Write("trust.pem", before.ExportCertificatePem());
        await using var edge = await StartAsync(folder, "127.0.0.1");
        Assert.Equal("200 allow", await VerdictAsync(edge, Leaf(before)));

        folder.Write("trust.pem", after.ExportCertificatePem());
        edge.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("401 identity_invalid", await VerdictAsync(edge, Leaf(before)));
        Assert.Equal("200 allow", await VerdictAsync(edge, Leaf(after)));
    }

    private static async Task<string> VerdictAsync(EdgeUnderTest edge, X509Certificate2? certificate)
    {
        using var answer = certificate is null
            ? await edge.GetAsync("/pay")
            : await edge.GetAsync("/pay", ("Client-Cert", $":{Convert.ToBase64String(certificate.RawData)}:"));
        return answer.Verdict();
    }

    private static X509Certificate2 Authority(string name)
    {
        var request = new CertificateRequest(name, ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(Start, Start.AddYears(1));
    }

    private static X509Certificate2 Leaf(
        X509Certificate2 authority, string[]? uris = null, string? usage = "1.3.6.1.5.5.7.3.2", int days = 60, string subject = "CN=pay,O=Acme")
    {
        var request = new CertificateRequest(subject, ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        if (usage is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        }

        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("pay.example");
        foreach (var uri in uris ?? ["spiffe://prod.example/pay"])
        {
            names.AddUri(new Uri(uri, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        }

        request.CertificateExtensions.Add(names.Build());
        return request.Create(authority, Start, Start.AddDays(days), RandomNumberGenerator.GetBytes(8));
    }

    private static Task<EdgeUnderTest> StartAsync(TempFolder folder, string trusted)
    {
        var bundle = $$"""
            format: edgeguard/v1
            bundle_version: 1
            client_certificates:
              trust_file: {{folder.Combine("trust.pem")}}
              spiffe_domains: [prod.example]
              subjects: ['CN=pay,O=Acme']
            policies:
              - id: pay
                spec:
                  selector: {pathPrefix: /pay}
                  identity: required
                  identity_options: {kinds: [mtls], forward_headers: {x-workload: 'mtls:spiffe'} }
                  rules: []
              - id: open
                spec: {selector: {pathPrefix: /open}, rules: [] }
            """;
        return EdgeUnderTest.StartAsync(
            bundle,
            options => options with { TrustedProxies = [trusted], ReferenceFiles = [folder.Combine("")] });
    }
}
