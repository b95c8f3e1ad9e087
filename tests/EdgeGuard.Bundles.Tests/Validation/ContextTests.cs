using System.Collections.Immutable;
using EdgeGuard.Bundles.Diagnostics;
using EdgeGuard.Bundles.Validation;

namespace EdgeGuard.Bundles.Tests.Validation;

/// <summary>What the options know decides what a bundle may say.</summary>
public sealed class ContextTests
{
    private const string ByClaim = "{name: r, limit_keys: ['jwt:sub'], algorithm: token_bucket, algorithm_config: {rps: 1, burst: 5}}";
    private const string ByAddress = "{name: r, limit_keys: ['ip:address'], algorithm: token_bucket, algorithm_config: {rps: 1, burst: 5}}";

    [Fact]
    public void Claim_WithIssuerOrVerifiedUpstream_IsAccepted()
    {
        Sample.Valid(Sample.Native(ByClaim), new ValidationContext { JwtVerificationOff = true });
        Sample.Valid(Sample.Native(ByClaim, top: Issuer("jwks_file: /keys/jwks.json")));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(null, true)]
    public void Address_AtADecisionDoor_NeedsTrustedProxies(bool? open, bool valid)
    {
        var result = Sample.Read(Sample.Native(ByAddress), new ValidationContext { DecisionDoorWithoutTrustedProxies = open });

        Assert.Equal(valid, result.Document is not null);
        Assert.Equal(!valid, result.Diagnostics.Any(d => d.Code == "EG1208"));
    }

    [Theory]
    [InlineData("limit_keys: ['ip:country']", "", "EG1208", Severity.Error)]
    [InlineData("limit_keys: ['ip:asn']", "", "EG1208", Severity.Error)]
    [InlineData("limit_keys: [], match: {'ip:tor': true}", "", "EG1208", Severity.Error)]
    [InlineData("limit_keys: [], enforcement: {percent: 5, by: 'ip:address'}", "", "EG1208", Severity.Error)]
    [InlineData("limit_keys: [], tiers: {by: 'header:x-plan', default: a, plans: {a: {}}}", "", "EG1208", Severity.Warning)]
    [InlineData("limit_keys: []", "adaptive_concurrency: {enabled: true, priority: {by: 'header:x-class', classes: [a, b]}}", "EG1208", Severity.Warning)]
    public void Descriptor_AtADecisionDoorWithoutTrustedProxies_IsTold(string rule, string spec, string code, Severity severity)
    {
        var text = Sample.Native("{name: r, " + rule + ", algorithm: token_bucket, algorithm_config: {rps: 1, burst: 5}}", spec);

        Assert.Equal(severity, Sample.Single(text, code, new ValidationContext { DecisionDoorWithoutTrustedProxies = true, WithoutTrustedProxies = true }).Severity);
        Sample.Valid(text, new ValidationContext { DecisionDoorWithoutTrustedProxies = false });
    }

    [Theory]
    [InlineData("{name: r, limit_keys: [], algorithm: token_bucket_llm, algorithm_config: {tokens_per_minute: 60, token_source: {estimator: header_hint}}}")]
    [InlineData("{name: r, limit_keys: [], tiers: {by: 'header:x-plan', default: a, plans: {a: {}}}, algorithm: token_bucket, algorithm_config: {rps: 1, burst: 5}}")]
    public void TrustedHeader_AtAProxyThatTrustsNobody_IsTold(string rule)
    {
        var text = Sample.Native(rule);

        Assert.Equal(Severity.Warning, Sample.Single(text, "EG1208", new ValidationContext { WithoutTrustedProxies = true }).Severity);
        Sample.Valid(text, new ValidationContext { WithoutTrustedProxies = false });
        Sample.Valid(text);
    }

    [Fact]
    public void Cluster_ThatOptionsLack_IsRefusedWithTheNearest()
    {
        var context = new ValidationContext { Clusters = ["payments", "default"] };

        Assert.Equal("did you mean payments?", Sample.Single(Sample.Native(spec: "cluster: payment"), "EG1209", context).Fix);
        Sample.Valid(Sample.Native(spec: "cluster: payments"), context);
        Sample.Valid(Sample.Native(spec: "cluster: unknown-here"));
    }

    [Theory]
    [InlineData("jwks_url: https://login.example.com/jwks", null)]
    [InlineData("jwks_url: https://evil.example/jwks", "EG1214")]
    [InlineData("jwks_url: http://login.example.com/jwks", "EG1105")]
    [InlineData("jwks_url: ${env:JWKS_URL}", null)]
    [InlineData("jwks_url: ${env:OTHER}", "EG1304")]
    [InlineData("jwks_url: ${env:A-B}", "EG1302")]
    [InlineData("jwks_url: ${file:/run/secrets/jwks-url}", null)]
    [InlineData("jwks_url: ${file:/run/secrets/../../etc/shadow}", "EG1304")]
    [InlineData("jwks_file: /run/secrets/jwks.json", null)]
    [InlineData("jwks_file: /run/secretsx/jwks.json", "EG1304")]
    [InlineData("token_type: ${env:JWKS_URL}", "EG1303")]
    public void KeySource_AgainstTheLists_IsCheckedByName(string field, string? code)
    {
        var context = new ValidationContext { FetchHosts = ["login.example.com"], ReferenceEnvironment = ["JWKS_URL"], ReferenceFiles = ["/run/secrets"] };

        var errors = Sample.Read(Sample.Native(ByClaim, top: Issuer(field)), context).Diagnostics.Where(d => d.Severity == Severity.Error && d.Code != "EG1213").ToList();

        Assert.Equal(code is null ? [] : [code], errors.Select(d => d.Code));
    }

    [Fact]
    public void PeerDocument_WhereNotAccepted_IsRefused() =>
        Assert.Equal("EG1604", Assert.Single(Sample.Read("policies: []", new ValidationContext { AcceptPeerDialect = false }).Diagnostics).Code);

    [Fact]
    public void References_Resolved_ReadOnlyWhatIsListedAndPrintNothing()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOST"] = "login.example.com", ["HIDDEN"] = "s3cret" };
        var references = new SecretReferences(
            ImmutableHashSet.Create("HOST", "UNSET"),
            ImmutableHashSet.Create("/run/secrets/"),
            environment.GetValueOrDefault,
            path => path == "/run/secrets/a" ? "value\n"u8.ToArray() : null);

        Assert.Equal("https://login.example.com/jwks?k=value", references.Resolve("https://${env:HOST}/jwks?k=${file:/run/secrets/a}").Reveal());
        Assert.Equal("plain", references.Resolve("plain").Reveal());
        Assert.Equal("***", references.Resolve("${env:HOST}").ToString());
        foreach (var refused in (string[])["${env:HIDDEN}", "${env:UNSET}", "${file:/etc/passwd}", "${file:/run/secrets/../x}", "${file:/run/secrets/b}", "${env:HOST", "${x}${env:HOST}"])
        {
            var resolution = references.Resolve(refused);
            Assert.False(resolution.Succeeded, refused);
            Assert.DoesNotContain("s3cret", resolution.Problem, StringComparison.Ordinal);
            Assert.NotEmpty(resolution.Problem);
        }
    }

    private static string Issuer(string field) => "issuers: [{id: a, issuer: b, audiences: [c], algorithms: [RS256], " + Quoted(field) + "}]";

    private static string Quoted(string field)
    {
        var colon = field.IndexOf(": ", StringComparison.Ordinal);
        return $"{field[..colon]}: '{field[(colon + 2)..]}'";
    }
}
