using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Edge.Bundles;
using EdgeGuard.Edge.Tests.Support;
using EdgeGuard.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGuard.Edge.Tests.Bundles;

/// <summary>Files that a bundle names are looked into before it comes into force.</summary>
public sealed class ReferencedFileTests
{
    private const string Secret = "no certificate, but something that nobody should read";

    [Theory]
    [InlineData("missing")]
    [InlineData("no certificate")]
    [InlineData("malformed")]
    [InlineData("no authority")]
    public async Task TrustFile_ThatCannotBeUsed_RefusesTheBundleAndKeepsTheOneInForce(string content)
    {
        using var folder = new TempFolder();
        var file = folder.Combine("trust.pem");
        if (content != "missing")
        {
            folder.Write("trust.pem", ContentOf(content));
        }

        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open(1, "one"), options => options with { ReferenceFiles = [folder.Combine("")] });
        var result = Activate(edge, Certificates(file), "file");

        var problem = Assert.Single(result.Diagnostics, finding => finding.Severity == Severity.Error);
        Assert.Equal(("EG4010", "client_certificates.trust_file"), (problem.Code, problem.Path));
        Assert.DoesNotContain(Secret, problem.ToString(), StringComparison.Ordinal);
        Assert.False(result.Applied);
        Assert.Equal(1, edge.Host.Services.GetRequiredService<SnapshotHolder>().Current.Version);

        // As soon as the file is good, the same bundle is.
        folder.Write("trust.pem", Pem(isAuthority: true));
        Assert.True(Activate(edge, Certificates(file), "file").Applied);
    }

    [Fact]
    public async Task Files_OfTheBundleKeptFromBefore_AreAWarningOnly()
    {
        using var folder = new TempFolder();
        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open(1, "one"), options => options with { ReferenceFiles = [folder.Combine("")] });

        var result = Activate(edge, Certificates(folder.Combine("trust.pem")), BundleActivator.LastGood);

        Assert.True(result.Applied, string.Join("\n", result.Diagnostics));
        Assert.Equal(Severity.Warning, Assert.Single(result.Diagnostics, finding => finding.Code == "EG4010").Severity);
    }

    [Theory]
    [InlineData("", "EG4006")]
    [InlineData("{\"keys\": [", "EG4003")]
    [InlineData("{\"keys\": []}", "EG4003")]
    public async Task KeySetFile_ThatCannotBeUsed_RefusesTheBundle(string content, string code)
    {
        using var folder = new TempFolder();
        if (content.Length > 0)
        {
            folder.Write("jwks.json", content);
        }

        await using var edge = await EdgeUnderTest.StartAsync(TestBundles.Open(1, "one"), options => options with { ReferenceFiles = [folder.Combine("")] });
        var result = Activate(edge, $$"""
            format: edgeguard/v1
            bundle_version: 2
            issuers:
              - {id: main, issuer: 'https://login.example', audiences: [api], algorithms: [RS256], jwks_file: '{{folder.Combine("jwks.json")}}'}
            policies: []
            """, "file");

        var problem = Assert.Single(result.Diagnostics, finding => finding.Severity == Severity.Error);
        Assert.Equal((code, "issuers.main.jwks_file"), (problem.Code, problem.Path));
        Assert.Equal(1, edge.Host.Services.GetRequiredService<SnapshotHolder>().Current.Version);
    }

    private static ActivationResult Activate(EdgeUnderTest edge, string bundle, string origin) =>
        edge.Host.Services.GetRequiredService<BundleActivator>().Activate(Encoding.UTF8.GetBytes(bundle), origin);

    private static string Certificates(string file) => $$"""
        format: edgeguard/v1
        bundle_version: 2
        client_certificates: {trust_file: '{{file}}'}
        policies: []
        """;

    private static string ContentOf(string content) => content switch
    {
        "malformed" => "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
        "no authority" => Pem(isAuthority: false),
        _ => Secret,
    };

    private static string Pem(bool isAuthority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var certificate = request.CreateSelfSigned(start, start.AddYears(1));
        return certificate.ExportCertificatePem();
    }
}
