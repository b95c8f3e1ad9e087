using System.Text;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Model;
using EdgeGuard.Bundles.Validation;

namespace EdgeGuard.Bundles.Tests.Validation;

public sealed class ApiKeyFindingTests
{
    private const string Digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    [Theory]
    [InlineData("EG1225", "{id: a, kind: secret, sha256: OTHER, organization: o}", "api_keys[1].id")]
    [InlineData("EG1240", "{id: b, kind: secret, sha256: SAME, organization: o}", "api_keys[1].sha256")]
    [InlineData("EG1241", "{id: b, kind: publishable, sha256: OTHER, organization: o}", "api_keys[1]")]
    [InlineData("EG1241", "{id: b, kind: secret, sha256: OTHER, organization: o, allowed_origins: ['https://a.test']}", "api_keys[1].allowed_origins")]
    [InlineData("EG1242", "{id: b, kind: publishable, sha256: OTHER, organization: o, allowed_origins: ['https://a.test/']}", "api_keys[1].allowed_origins[0]")]
    [InlineData("EG1242", "{id: b, kind: publishable, sha256: OTHER, organization: o, allowed_origins: ['https://A.test']}", "api_keys[1].allowed_origins[0]")]
    [InlineData("EG1242", "{id: b, kind: publishable, sha256: OTHER, organization: o, allowed_origins: ['https://a.test:443']}", "api_keys[1].allowed_origins[0]")]
    [InlineData("EG1242", "{id: b, kind: publishable, sha256: OTHER, organization: o, allowed_origins: ['*']}", "api_keys[1].allowed_origins[0]")]
    [InlineData("EG1242", "{id: b, kind: publishable, sha256: OTHER, organization: o, allowed_origins: ['null']}", "api_keys[1].allowed_origins[0]")]
    [InlineData("EG1243", "{id: b, kind: secret, sha256: OTHER, organization: o, not_before: 2026-02-01T00:00:00Z, expires_at: 2026-02-01T00:00:00Z}", "api_keys[1].expires_at")]
    [InlineData("EG1216", "{id: b, kind: secret, sha256: OTHER, organization: o, allowed_paths: ['/a/../b']}", "api_keys[1].allowed_paths[0]")]
    public void Key_WithOneMistake_GivesItsCodeAtItsPath(string code, string key, string path)
    {
        var top = $"api_keys: [{{id: a, kind: secret, sha256: {Digest}, organization: o}}, {key}]"
            .Replace("SAME", Digest, StringComparison.Ordinal).Replace("OTHER", new string('0', 64), StringComparison.Ordinal);

        var finding = Sample.Single(Sample.Native(top: top), code);

        Assert.Equal((Severity.Error, path), (finding.Severity, finding.Path));
        Assert.NotEmpty(finding.Fix);
    }

    [Fact]
    public void KeyItself_InPlaceOfItsDigest_IsRefusedAndNotShown()
    {
        var key = Bundles.Keys.ApiKeyText.Create(isPublishable: false, "live");
        var result = Sample.Read(Sample.Native(top: $"api_keys: [{{id: a, kind: secret, sha256: {key}, organization: o}}]"));

        Assert.Null(result.Document);
        Assert.DoesNotContain(result.Diagnostics, finding => finding.ToString().Contains(key[8..20], StringComparison.Ordinal));
    }

    [Fact]
    public void Keys_WithoutMistake_AreBoundWithTheirDefaults()
    {
        var keys = Sample.Valid(Sample.Native(top:
            $"api_keys: [{{id: web, kind: publishable, sha256: {Digest}, organization: acme, "
            + "allowed_origins: ['https://app.example.com', 'http://localhost:3000']}]\n"
            + "revocations: {token_ids: [t-1], tokens_valid_after: [{kind: key, value: web, time: 2026-02-01T00:00:00Z}]}"));

        var key = Assert.Single(keys.ApiKeys);
        Assert.Equal(["GET", "HEAD", "OPTIONS"], key.AllowedMethods);
        Assert.Equal("live", key.Environment);
        Assert.Equal(["t-1"], keys.Revocations.TokenIds);
        Assert.Equal(new TokensValidAfter(RevokedKind.Key, "web", new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero)), Assert.Single(keys.Revocations.TokensValidAfter));
    }

    [Fact]
    public void KeySet_WrittenAndRead_IsTheSame()
    {
        ApiKeyDefinition[] keys =
        [
            new()
            {
                Id = "web", IsPublishable = true, Sha256 = Digest, Organization = "acme", Environment = "test", Plan = "gold", Scopes = ["read", "write"],
                AllowedOrigins = ["https://a.test"], AllowedMethods = ["POST"], AllowedPaths = ["/v1/"],
                NotBefore = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), ExpiresAt = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero),
            },
            new() { Id = "plain", IsPublishable = false, Sha256 = new string('1', 64), Organization = "acme" },
        ];

        var written = BundleReader.WriteApiKeys(keys);
        var (read, diagnostics) = BundleReader.ReadApiKeys(written, "keys");

        Assert.Empty(diagnostics);
        Assert.Equal(Encoding.UTF8.GetString(written), Encoding.UTF8.GetString(BundleReader.WriteApiKeys(read)));
        Assert.Equal(["web", "plain"], read.Select(key => key.Id));
    }

    [Fact]
    public void RevocationSet_WrittenAndRead_IsTheSame()
    {
        var set = new RevocationsDefinition
        {
            TokensValidAfter =
            [
                new TokensValidAfter(RevokedKind.Organization, "acme", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)),
                new TokensValidAfter(RevokedKind.Subject, "alice \u00e9", new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero)),
            ],
            TokenIds = ["t-1"],
        };

        var (read, diagnostics) = BundleReader.ReadRevocations(BundleReader.WriteRevocations(set), "revocations");

        Assert.Empty(diagnostics);
        Assert.Equal(set.TokensValidAfter, read.TokensValidAfter);
        Assert.Equal(set.TokenIds, read.TokenIds);
    }
}
