using System.Globalization;
using System.Text.Json;
using EdgeGuard.Edge.Doors;
using EdgeGuard.Testing;

namespace EdgeGuard.Edge.Tests.Tls;

/// <summary>Which versions and ciphers the listeners agree to, as OpenSSL and testssl.sh see it.</summary>
public sealed class CipherTests : IDisposable
{
    private static readonly string[] Old = ["ALL", "COMPLEMENTOFALL", "!ECDHE+AESGCM", "!ECDHE+CHACHA20", "@SECLEVEL=0"];

    private readonly TempFolder _folder = new();
    private readonly TestCertificates _certificates = new();

    [Theory]
    [InlineData("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256", true)]
    [InlineData("-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384", true)]
    [InlineData("-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305", true)]
    [InlineData("-tls1_2", "-cipher", "old", false)]
    [InlineData("-tls1_1", "-cipher", "ALL:@SECLEVEL=0", false)]
    [InlineData("-tls1", "-cipher", "ALL:@SECLEVEL=0", false)]
    [InlineData("-tls1_3", "-ciphersuites", "TLS_AES_128_GCM_SHA256", true)]
    [InlineData("-tls1_3", "-ciphersuites", "TLS_AES_256_GCM_SHA384", true)]
    [InlineData("-tls1_3", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256", true)]
    [InlineData("-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_SHA256", false)]
    public async Task OpenSsl_Offer_IsTakenOnlyIfItIsModern(string version, string option, string offer, bool taken)
    {
        Assert.SkipUnless(InstalledProgram.Exists("openssl"), "openssl is not installed");
        await using var edge = await TlsPeer.StartAsync(_folder, _certificates);
        var address = edge.Address(DoorTag.ProxyTls);

        var result = await ProcessRunner.RunProgramAsync(
            "openssl",
            ["s_client", "-connect", $"127.0.0.1:{address.Port.ToString(CultureInfo.InvariantCulture)}", version, option, offer == "old" ? string.Join(':', Old) : offer],
            input: string.Empty);

        // Without a handshake it tells of a cipher (NONE).
        Assert.Equal(taken, result.Output.Contains("Cipher is ", StringComparison.Ordinal) && !result.Output.Contains("Cipher is (NONE)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TestSsl_ProtocolsAndCiphers_FindsNothingWeak()
    {
        Assert.SkipUnless(InstalledProgram.Exists("testssl"), "testssl.sh is not installed");
        await using var edge = await TlsPeer.StartAsync(_folder, _certificates);
        var report = _folder.Combine("report.json");

        // Protocols, and the classes of ciphers: what else it can look for takes minutes, or is about the certificate of the test.
        await ProcessRunner.RunProgramAsync(
            "testssl",
            ["--quiet", "--warnings", "off", "--color", "0", "-p", "-s", "--jsonfile", report, $"127.0.0.1:{edge.Address(DoorTag.ProxyTls).Port.ToString(CultureInfo.InvariantCulture)}"],
            timeout: TimeSpan.FromMinutes(5));

        using var findings = JsonDocument.Parse(await File.ReadAllTextAsync(report));
        var byId = findings.RootElement.EnumerateArray().ToLookup(
            finding => finding.GetProperty("id").GetString()!, finding => (finding.GetProperty("severity").GetString()!, finding.GetProperty("finding").GetString()!));
        Assert.All((string[])["SSLv2", "SSLv3", "TLS1", "TLS1_1"], id => Assert.StartsWith("not offered", Assert.Single(byId[id]).Item2, StringComparison.Ordinal));
        Assert.All((string[])["TLS1_2", "TLS1_3"], id => Assert.StartsWith("offered", Assert.Single(byId[id]).Item2, StringComparison.Ordinal));
        Assert.DoesNotContain(byId.SelectMany(found => found), found => found.Item1 is "LOW" or "MEDIUM" or "HIGH" or "CRITICAL");
    }

    public void Dispose()
    {
        _certificates.Dispose();
        _folder.Dispose();
    }
}
